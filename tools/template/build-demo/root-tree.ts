import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { elfNeeded } from './elf-needed.js';
import { guestFile } from './source-dir.js';
import { runTool } from './run-tool.js';

/** SHA-512 crypt of the demo password `admin`: the guest's ports bind to the host's loopback only. */
const ADMIN_PASSWORD =
  '$6$musterdemo$NetWTw1xh.QWP6sqOxDYs4fs219/H5hX5VOzHEYWaVou6zb14S9jq73uCNK2oYA3hQ1ZmyIjKVBSjYQxMR5jO0';

const DIRECTORIES = [
  'bin', 'sbin', 'usr/bin', 'usr/sbin', 'lib64', 'etc/acpi/PWRF', 'etc/dropbear', 'dev', 'proc', 'sys', 'run', 'tmp', 'mnt',
  'root', 'home/admin', 'var/log', 'var/tmp',
]; // prettier-ignore

const PROGRAMS = ['usr/sbin/dropbear', 'usr/bin/dropbearkey', 'usr/sbin/qemu-ga'];

const ACCOUNT_FILES: Record<string, string> = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nadmin:x:1000:1000:admin:/home/admin:/bin/sh\n',
  'etc/group': 'root:x:0:\nadmin:x:1000:\n',
  'etc/shadow': `root:*:19000:0:99999:7:::\nadmin:${ADMIN_PASSWORD}:19000:0:99999:7:::\n`,
  'etc/shells': '/bin/sh\n',
  'etc/hostname': 'demo\n',
};

/** Assembles the guest's root directory in `root` from the unpacked packages in `userland`. */
export async function assembleRoot(userland: string, root: string): Promise<void> {
  for (const dir of DIRECTORIES) mkdirSync(join(root, dir), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  chmodSync(join(root, 'var/tmp'), 0o1777);
  chmodSync(join(root, 'root'), 0o700);
  await installBusybox(userland, root);
  for (const program of PROGRAMS) installProgram(userland, root, program);
  for (const [path, text] of Object.entries(ACCOUNT_FILES)) writeFileSync(join(root, path), text);
  chmodSync(join(root, 'etc/shadow'), 0o600);
  writeFileSync(join(root, 'etc/inittab'), guestFile('inittab'));
  installScript(root, 'etc/boot', 'boot');
  installScript(root, 'etc/dhcp-lease', 'dhcp-lease');
  installScript(root, 'sbin/shutdown', 'shutdown');
  installScript(root, 'etc/acpi/PWRF/00000080', 'power-button');
}

/** Busybox of the packages; Debian before 13 has it in `bin`, later ones in `usr/bin`. */
export function busyboxPath(userland: string): string {
  const path = ['bin/busybox', 'usr/bin/busybox'].map((name) => join(userland, name)).find(existsSync);
  if (!path) throw new Error('The package busybox-static has no bin/busybox.');
  return path;
}

async function installBusybox(userland: string, root: string): Promise<void> {
  const busybox = busyboxPath(userland);
  copyFileSync(busybox, join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  for (const applet of (await runTool(busybox, ['--list'])).split('\n').filter(Boolean)) {
    if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  for (const name of ['init', 'poweroff', 'halt', 'reboot', 'hwclock']) {
    symlinkSync('../bin/busybox', join(root, 'sbin', name));
  }
}

function installScript(root: string, path: string, source: string): void {
  writeFileSync(join(root, path), guestFile(source));
  chmodSync(join(root, path), 0o755);
}

/** Copies a program and, where the packages have them, all libraries it needs, directly or through others. */
function installProgram(userland: string, root: string, program: string): void {
  const from = join(userland, program);
  if (!existsSync(from)) throw new Error(`The packages have no ${program}.`);
  copyFileSync(from, join(root, program));
  chmodSync(join(root, program), 0o755);
  const wanted = elfNeeded(readFileSync(from));
  for (let name = wanted.pop(); name; name = wanted.pop()) wanted.push(...installLibrary(userland, root, name));
}

/** Installs one library unless it is there already; returns the names of those it needs in turn. */
function installLibrary(userland: string, root: string, name: string): string[] {
  const path = libraryFiles(userland).get(name);
  if (!path) throw new Error(`The packages have no library ${name}.`);
  const isLoader = basename(name).startsWith('ld-linux');
  const target = join(root, isLoader && name.includes('x86-64') ? 'lib64' : 'lib', name);
  if (existsSync(target)) return [];
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(path), target);
  chmodSync(target, 0o755);
  return elfNeeded(readFileSync(target));
}

const libraryIndex = new Map<string, Map<string, string>>();

function libraryFiles(userland: string): Map<string, string> {
  const known = libraryIndex.get(userland);
  if (known) return known;
  const index = new Map<string, string>();
  for (const path of readdirSync(userland, { recursive: true, encoding: 'utf8' })) {
    if (/(^|\/)(lib|lib64)\/([a-z0-9_-]+-linux-gnu\/)?[^/]+\.so(\.[0-9.]+)?$/.test(path)) {
      index.set(basename(path), join(userland, path));
    }
  }
  libraryIndex.set(userland, index);
  return index;
}
