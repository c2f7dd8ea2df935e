import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { TOOL_ENV } from './host-tools.js';
import { runTool } from './run-tool.js';

const DISK_BYTES = 512 * 1024 * 1024;
/** Fixed, so that the same packages give the same digest. */
const FILE_SYSTEM_ID = '6d757374-6572-4465-8d6f-000000000001';
const BUILD_TIME = 1_700_000_000;
const ADMIN_ID = 1000;
const ADMIN_HOME = '/home/admin';

/**
 * Makes the guest's disk from a directory. mke2fs copies owners and times of the files it finds; they are rewritten in the image
 * afterwards, so neither root nor a fake of it is needed.
 */
export async function buildRootImage(root: string, target: string): Promise<void> {
  const raw = `${target}.raw`;
  writeFileSync(raw, '');
  truncateSync(raw, DISK_BYTES);
  const env = { ...TOOL_ENV, E2FSPROGS_FAKE_TIME: String(BUILD_TIME) };
  const extended = `hash_seed=${FILE_SYSTEM_ID},lazy_itable_init=0,root_owner=0:0`;
  const args = [
    '-q',
    '-t',
    'ext4',
    '-L',
    'root',
    '-U',
    FILE_SYSTEM_ID,
    '-E',
    extended,
    '-O',
    '^has_journal',
    '-m',
    '0',
  ];
  await runTool('mke2fs', [...args, '-d', root, raw], { env });
  const commands = `${target}.debugfs`;
  writeFileSync(commands, ownerCommands(root).join('\n'));
  await runTool('debugfs', ['-w', '-f', commands, raw], { env });
  await runTool('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', '-c', '-o', 'compression_type=zstd', raw, target]);
  rmSync(raw);
  rmSync(commands);
}

function ownerCommands(root: string): string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return ['/', '/lost+found', ...paths.map((path) => `/${path}`)].flatMap((path) => {
    const owner = path === ADMIN_HOME || path.startsWith(`${ADMIN_HOME}/`) ? ADMIN_ID : 0;
    const times = ['atime', 'ctime', 'mtime'].map((field) => `set_inode_field ${quoted(path)} ${field} @${BUILD_TIME}`);
    const owners = ['uid', 'gid'].map((field) => `set_inode_field ${quoted(path)} ${field} ${owner}`);
    // debugfs does not follow a symbolic link in the last component, so links are set like files.
    return [...owners, ...times];
  });
}

function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
