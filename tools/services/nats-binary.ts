import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { findCommand } from './find-command.js';
import { providePackages, type SystemPackage } from './packages.js';

/** The package that brings nats-server. */
export const NATS_PACKAGE: SystemPackage = { apt: 'nats-server', brew: 'nats-server', commands: ['nats-server'] };

/**
 * Debian's package brings a unit that the package manager starts at once on NATS's own port, without JetStream. Whoever
 * installed the package for the binary's sake does not want that server.
 */
function stopPackagedUnit(): void {
  if (!existsSync('/run/systemd/system')) return;
  const words = ['systemctl', 'disable', '--now', 'nats-server.service'];
  const sudo = process.getuid?.() === 0 ? undefined : findCommand('sudo');
  if (sudo === undefined) spawnSync('systemctl', words.slice(1), { stdio: 'ignore' });
  else spawnSync(sudo, ['-n', ...words], { stdio: 'ignore' });
}

/** The path of nats-server, which is installed if it is missing. Throws with the command to run when that is not possible. */
export async function provideNatsServer(): Promise<string> {
  const present = findCommand('nats-server');
  if (present !== undefined) return present;
  const provision = await providePackages([NATS_PACKAGE]);
  if (provision.kind === 'installed') stopPackagedUnit();
  const installed = findCommand('nats-server');
  if (installed !== undefined) return installed;
  const why = provision.kind === 'failed' ? ` (${provision.why})` : '';
  const command = 'command' in provision ? provision.command : 'the package manager of this system';
  throw new Error(`nats-server is not installed and cannot be installed from here${why}. Install it with: ${command}`);
}
