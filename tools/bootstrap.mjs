/**
 * What every command of this repository needs before it can start: installed packages and a build. Uses nothing but Node, because it
 * runs before anything is installed. Both steps are skipped when the content they were made from has not changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const INSTALL_MARKER = 'node_modules/.muster-install';
const BUILD_MARKER = 'dist/.muster-build';
const COMPILER_NOTES = 'dist/.tsbuildinfo';
const INSTALL_INPUTS = ['package.json', 'package-lock.json', '.npmrc'];
const BUILD_FILES = ['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
const BUILD_FOLDERS = ['apps', 'libs', 'tools', 'test/simulation', 'test/support', 'test/bench', 'test/chaos'];
const NOT_BUILT = /\.(spec|int-spec|e2e-spec|contract)\.ts$/;

/** Installs the packages of the lock file unless exactly these are installed already. Returns whether it had to. Throws when npm fails. */
export function ensureNodeModules({ at = root, log = console.error } = {}) {
  const wanted = hashOf(at, INSTALL_INPUTS, [process.version.split('.')[0], process.platform, process.arch]);
  if (markerOf(at, INSTALL_MARKER) === wanted) return false;
  const adopted = installedAsLocked(at);
  if (!adopted) {
    log('Installing packages (npm ci) …');
    // Whatever NODE_ENV or an npm setting says: without these there is no compiler, or no Postgres.
    npm(at, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeMarker(at, INSTALL_MARKER, wanted);
  return !adopted;
}

/** Compiles apps, libs and tools into dist/ unless the sources are those of the last build. Returns whether it had to. Throws on errors. */
export function ensureBuild({ at = root, log = console.error } = {}) {
  const sources = BUILD_FOLDERS.flatMap((folder) => filesUnder(join(at, folder)))
    .map((path) => relative(at, path))
    .filter((path) => path.endsWith('.ts') && !NOT_BUILT.test(path));
  const wanted = hashOf(at, [...BUILD_FILES, ...sources]);
  if (markerOf(at, BUILD_MARKER) === wanted) return false;
  log('Building …');
  rmSync(join(at, BUILD_MARKER), { force: true });
  pruneOrphans(at, new Set(sources));
  try {
    execute(at, process.execPath, [join(at, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', 'api']);
  } catch (error) {
    // The compiler's notes may say that it wrote what it did not: the next build begins anew.
    rmSync(join(at, COMPILER_NOTES), { force: true });
    throw error;
  }
  writeMarker(at, BUILD_MARKER, wanted);
  return true;
}

/** A deleted source must not live on in dist/: a migration or a spec found there by a glob would still run. */
function pruneOrphans(at, sources) {
  for (const path of ['apps', 'libs', 'tools', 'test'].flatMap((folder) => filesUnder(join(at, 'dist', folder)))) {
    const source = relative(join(at, 'dist'), path).replace(/\.(js|js\.map|d\.ts)$/, '.ts');
    if (!sources.has(source)) rmSync(path);
  }
}

/** npm's own record of what it installed, compared with the lock file; packages of other platforms may be absent. */
function installedAsLocked(at) {
  const installed = packagesOf(join(at, 'node_modules/.package-lock.json'));
  const locked = packagesOf(join(at, 'package-lock.json'));
  if (!installed || !locked) return false;
  const same = Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true;
  });
  return same && Object.keys(installed).every((path) => path in locked);
}

function packagesOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function hashOf(at, paths, extra = []) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    hash.update(`${path}\0`);
    if (existsSync(join(at, path))) hash.update(readFileSync(join(at, path)));
    hash.update('\0');
  }
  return hash.update(extra.join('\0')).digest('hex');
}

function markerOf(at, path) {
  return existsSync(join(at, path)) ? readFileSync(join(at, path), 'utf8').trim() : undefined;
}

function writeMarker(at, path, value) {
  mkdirSync(dirname(join(at, path)), { recursive: true });
  writeFileSync(join(at, path), `${value}\n`);
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** `npm` beside the running Node is preferred, so that both belong together. */
function npm(at, args) {
  const beside = process.env['npm_execpath'];
  if (beside?.endsWith('.js')) execute(at, process.execPath, [beside, ...args]);
  else execute(at, 'npm', args);
}

function execute(at, command, args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: at, stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`Cannot run ${command}: ${error.message}`, { cause: error });
  if (status !== 0)
    throw new Error(
      `${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${status}`}; its output is above`,
    );
}
