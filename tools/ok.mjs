/** `npm run ok`: everything that needs no server and no machine. Two lanes on two cores; the first failure ends both. */
import { pathToFileURL } from 'node:url';
import { ensureNodeModules } from './bootstrap.mjs';
import { JEST, runStep } from './steps.mjs';

/** Runs the checks; with `keepGoing` all of them whatever fails. Jest writes its results to `report`. Returns the names of what failed. */
export async function ok({ keepGoing = false, report } = {}) {
  const failed = new AbortController();
  const unit = [
    ...JEST,
    '--selectProjects',
    'unit',
    '--maxWorkers=2',
    ...(report ? ['--json', `--outputFile=${report}`] : []),
  ];
  const lanes = [
    [
      { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
      { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '.'] },
    ],
    [
      { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'] },
      { name: 'tests without servers', args: unit },
    ],
  ];
  const failures = await Promise.all(lanes.map((lane) => runLane(lane, keepGoing ? undefined : failed)));
  return failures.flat();
}

/** Runs one step after the other. Returns the names of those that failed. */
async function runLane(steps, failed) {
  const failures = [];
  for (const step of steps) {
    if (failed?.signal.aborted) break;
    if (await runStep({ ...step, signal: failed?.signal })) continue;
    if (!failed?.signal.aborted) failures.push(step.name);
    failed?.abort();
  }
  return failures;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureNodeModules();
  const failures = await ok();
  process.exitCode = failures.length === 0 ? 0 : 1;
}
