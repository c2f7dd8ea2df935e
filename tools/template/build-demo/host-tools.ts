import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.js';

/** What the builder runs, and the Debian package that has it. */
const TOOLS: Record<string, string> = {
  'dpkg-deb': 'dpkg',
  mke2fs: 'e2fsprogs',
  debugfs: 'e2fsprogs',
  'qemu-img': 'qemu-utils',
  xz: 'xz-utils',
  zstd: 'zstd',
};

/** e2fsprogs lives in sbin, which is not in an ordinary user's PATH. */
const SEARCH_PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
export const TOOL_ENV = { PATH: SEARCH_PATH };

export function findTool(name: string): string | undefined {
  for (const dir of SEARCH_PATH.split(':').filter(Boolean)) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Installs the missing packages as root or through passwordless sudo; otherwise throws, saying the command to run. */
export async function ensureHostTools(log: (line: string) => void): Promise<void> {
  if (!findTool('apt-get')) {
    throw new Error(
      'The demo template is built from Debian packages, but this host has no apt-get (Debian or Ubuntu).',
    );
  }
  const packages = new Set(Object.entries(TOOLS).flatMap(([tool, pkg]) => (findTool(tool) ? [] : [pkg])));
  if (packages.size === 0) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const prefix = process.getuid?.() === 0 ? [] : (await hasPasswordlessSudo()) ? ['sudo', '-n'] : undefined;
  if (!prefix) {
    throw new Error(`Packages needed to build the demo template are missing. Run: sudo ${install.join(' ')}`);
  }
  log(`installing ${[...packages].join(', ')}`);
  for (const args of [['apt-get', 'update', '-q'], install]) {
    const [command = 'apt-get', ...rest] = [...prefix, ...args];
    await runTool(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  }
}

async function hasPasswordlessSudo(): Promise<boolean> {
  return runTool('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  );
}
