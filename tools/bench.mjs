/** `npm run bench [-- name …]`: builds and runs the benches, one after the other, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureNodeModules, root } from './bootstrap.mjs';

/** The benches in the order in which they run; each is test/bench/<name>.ts. */
const BENCHES = ['append', 'lifecycle', 'boot', 'rebuild', 'memory'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${BENCHES.join(', ')}`);
  process.exit(2);
}

ensureNodeModules();
ensureBuild();
const failed = (asked.length > 0 ? asked : BENCHES).filter((name) => !runs(name));
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function runs(name) {
  const script = join(root, 'dist/test/bench', `${name}.js`);
  console.log(`== ${name}`);
  if (existsSync(script)) return spawnSync(process.execPath, [script], { cwd: root, stdio: 'inherit' }).status === 0;
  console.error(`test/bench/${name}.ts is missing`);
  return false;
}
