/** `npm run bench [-- name … [--flag value …]]`: builds and runs the benches, one after the other, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureNodeModules, root } from './bootstrap.mjs';

/** The benches in the order in which they run; each is test/bench/<name>.ts. */
const BENCHES = [
  'append',
  'lag',
  'placement',
  'lifecycle',
  'anka',
  'boot',
  'rebuild',
  'memory',
  'ci-day',
  'sse',
  'webhooks',
];
/** As the process whose code is measured is started. */
const NODE_FLAGS = { placement: ['--max-semi-space-size=64'] };
/** Only when asked for by name: it takes the machine for a quarter of an hour. */
const ON_DEMAND = ['c2m'];

const words = process.argv.slice(2);
const firstFlag = words.findIndex((word) => word.startsWith('--'));
const asked = firstFlag < 0 ? words : words.slice(0, firstFlag);
/** From the first flag on everything is for the benches. */
const flags = words.slice(asked.length);
const known = [...BENCHES, ...ON_DEMAND];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${known.join(', ')}`);
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
  if (existsSync(script))
    return (
      spawnSync(process.execPath, [...(NODE_FLAGS[name] ?? []), script, ...flags], { cwd: root, stdio: 'inherit' })
        .status === 0
    );
  console.error(`test/bench/${name}.ts is missing`);
  return false;
}
