/**
 * `npm test`: everything. Installs and builds what is missing, then runs the checks without servers, the tests against real servers, and
 * the tests of the whole product. Its last line is the sum.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild, ensureNodeModules, root } from './bootstrap.mjs';
import { ok } from './ok.mjs';
import { JEST, runStep } from './steps.mjs';
import { sumLine, tableOf, tally } from './tally.mjs';

/** Worlds that the simulation lives through, unless somebody wants more. */
process.env.SIMULATION_SEEDS ??= '200';
/** Of the runs of each property, all. */
process.env.FC_SHARE ??= '1';

const results = mkdtempSync(join(tmpdir(), 'muster-test-'));
const reports = ['unit', 'integration', 'e2e'].map((project) => join(results, `${project}.json`));

/** What failed and is not a failed test. */
const failures = [];
try {
  ensureNodeModules();
  failures.push(
    ...(await ok({ keepGoing: true, report: reports[0] })).filter((name) => name !== 'tests without servers'),
  );
  ensureBuild();
  await ensureHostPackages();
  await jest('tests with real servers', 'integration', reports[1]);
  await jest('tests of the product', 'e2e', reports[2], '--runInBand');
  for (const [kind, { passed, failed }] of tally(reports))
    if (passed + failed === 0) failures.push(`no ${kind} test ran`);
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}

const counts = tally(reports);
rmSync(results, { recursive: true, force: true });
console.log(`\n${tableOf(counts).join('\n')}\n`);
for (const failure of failures) console.log(`failed: ${failure}`);
const line = sumLine(counts, failures.length);
console.log(line);
process.exitCode = / 0 failed/.test(line) ? 0 : 1;

/** A run whose failure no test explains (nothing found, jest itself broke) is a failure of its own. */
async function jest(name, project, report, ...options) {
  const args = [...JEST, '--selectProjects', project, '--json', `--outputFile=${report}`, ...options];
  const passed = await runStep({ name, args, stream: true });
  const explained = [...tally([report]).values()].some(({ failed }) => failed > 0);
  if (!passed && !explained) failures.push(name);
}

/** Servers and tools of the operating system that the tests need; the services know which, and how to get them. */
async function ensureHostPackages() {
  const path = join(root, 'dist/tools/services/index.js');
  if (!existsSync(path)) return;
  const services = await import(pathToFileURL(path).href);
  const provision = await services.ensureHostPackages?.();
  if (provision?.command) failures.push(`packages are missing; run: ${provision.command}`);
}
