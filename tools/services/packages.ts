import { spawn, spawnSync } from 'node:child_process';
import { findCommand } from './find-command.js';
import { runsAsRoot } from './account.js';

/** Longest wait for another run of the package manager to end. */
const APT_LOCK_LIMIT_S = 300;
const APT_INSTALL = [
  'install',
  '--yes',
  '--no-install-recommends',
  '-o',
  `DPkg::Lock::Timeout=${APT_LOCK_LIMIT_S}`,
  '-o',
  'Dpkg::Use-Pty=0',
];

/** Something that the operating system's package manager can provide. */
export interface SystemPackage {
  readonly apt: string;
  /** The Homebrew formula; null where macOS has no such thing or brings it along. */
  readonly brew: string | null;
  /** Commands that, when all are there, make the package superfluous, whoever installed them. */
  readonly commands: readonly string[];
}

/** What became of a request for packages. */
export type Provision =
  | { readonly kind: 'present' }
  | { readonly kind: 'installed'; readonly names: readonly string[] }
  /** This user may not install: the command that someone who may has to run. */
  | { readonly kind: 'forbidden'; readonly command: string }
  | { readonly kind: 'failed'; readonly command: string; readonly why: string };

/** How packages are installed here, and how the same is said to a person. */
interface Installer {
  readonly name: 'apt' | 'brew';
  readonly prefix: readonly string[];
  readonly allowed: boolean;
}

function aptHas(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout === 'installed';
}

function isPresent(wanted: SystemPackage): boolean {
  if (wanted.commands.length > 0 && wanted.commands.every((name) => findCommand(name) !== undefined)) return true;
  return process.platform === 'darwin' ? wanted.brew === null : aptHas(wanted.apt);
}

/** Those of the packages that this machine lacks. */
export function missingPackages(wanted: readonly SystemPackage[]): readonly SystemPackage[] {
  return wanted.filter((one) => !isPresent(one));
}

function installer(): Installer | undefined {
  if (process.platform === 'darwin') {
    const brew = findCommand('brew');
    return brew === undefined ? undefined : { name: 'brew', prefix: [brew], allowed: true };
  }
  const apt = findCommand('apt-get');
  if (apt === undefined) return undefined;
  if (runsAsRoot()) return { name: 'apt', prefix: [apt], allowed: true };
  const sudo = findCommand('sudo');
  const allowed = sudo !== undefined && spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return {
    name: 'apt',
    prefix: [...(allowed ? [sudo, '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : []), apt],
    allowed,
  };
}

/** The command by which a person with the right to do so installs the packages. */
export function installCommand(wanted: readonly SystemPackage[]): string {
  if (process.platform === 'darwin') return `brew install ${brewNames(wanted).join(' ')}`;
  const names = wanted.map((one) => one.apt).join(' ');
  return `sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${names}`;
}

function brewNames(wanted: readonly SystemPackage[]): readonly string[] {
  return [...new Set(wanted.flatMap((one) => one.brew ?? []))];
}

/** Runs a package manager and gives the last thing it said when it failed. */
function run(words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const [command = '', ...args] = words;
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOMEBREW_NO_AUTO_UPDATE: '1' };
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000)));
    child.once('error', (cause) => resolve(cause.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : said.trim() || `it ended with exit code ${code}`));
  });
}

async function install(how: Installer, wanted: readonly SystemPackage[]): Promise<string | undefined> {
  if (how.name === 'brew') return run([...how.prefix, 'install', ...brewNames(wanted)]);
  const names = wanted.map((one) => one.apt);
  // The package lists of a fresh machine are empty, those of an old one name versions that are gone.
  const updateFailure = await run([...how.prefix, 'update', '-o', `DPkg::Lock::Timeout=${APT_LOCK_LIMIT_S}`]);
  const failure = await run([...how.prefix, ...APT_INSTALL, ...names]);
  return failure === undefined ? undefined : [updateFailure, failure].filter((text) => text !== undefined).join('\n');
}

/** Makes sure that the packages are there, by installing those that are missing if this user may. */
export async function providePackages(wanted: readonly SystemPackage[]): Promise<Provision> {
  const missing = missingPackages(wanted);
  if (missing.length === 0) return { kind: 'present' };
  const command = installCommand(missing);
  const how = installer();
  if (how === undefined) return { kind: 'failed', command, why: 'neither apt-get nor Homebrew is on this machine' };
  if (!how.allowed) return { kind: 'forbidden', command };
  const why = await install(how, missing);
  if (why !== undefined) return { kind: 'failed', command, why };
  const still = missingPackages(missing).map((one) => one.apt);
  if (still.length > 0) return { kind: 'failed', command, why: `still missing afterwards: ${still.join(', ')}` };
  return { kind: 'installed', names: missing.map((one) => one.apt) };
}
