/** `npm start`: from a bare clone to a running controller. Plain JavaScript over Node alone, since nothing is installed yet. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const LEAST_NODE = [20, 19];

function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Error(`Node ${process.versions.node} is too old: Muster needs ${LEAST_NODE.join('.')} or newer`);
}

/**
 * A running Muster must not have its programs rebuilt under it, so its lock is looked at first, if there is a build to look
 * with; in a process of its own, because a module that was imported before the build would stay the old one after it.
 */
function assertNotRunning(root) {
  const lock = join(root, 'dist', 'tools', 'launch', 'lock.js');
  if (!existsSync(lock)) return;
  const file = join(resolve(process.env.MUSTER_HOME || join(root, '.muster')), 'launcher.lock');
  const look = `import(process.argv[1]).then(({ lockHolder }) => console.log(lockHolder(process.argv[2])?.pid ?? ''))`;
  const words = ['--input-type=module', '-e', look, pathToFileURL(lock).href, file];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = stdout.trim(); // nothing if that is half a build: it is made anew, and the lock is looked at again then
  if (pid === '') return;
  throw new Error(
    `it runs already on ${dirname(file)} (pid ${pid}). Stop it with \`npm run stop\`, or give this one a folder of its ` +
      'own with MUSTER_HOME.',
  );
}

function timed(name, run) {
  const begun = performance.now();
  if (run()) console.log(`  ✓ ${name.padEnd(58)} ${((performance.now() - begun) / 1000).toFixed(2).padStart(7)} s`);
}

try {
  assertNode();
  const { ensureBuild, ensureNodeModules, root } = await import('./bootstrap.mjs');
  assertNotRunning(root);
  timed('npm packages are installed', ensureNodeModules);
  timed('Muster is built', ensureBuild);
  const { main } = await import(pathToFileURL(join(root, 'dist', 'tools', 'launch', 'main.js')).href);
  await main();
} catch (error) {
  console.error(`Muster cannot start: ${error.message}`);
  process.exit(1);
}
