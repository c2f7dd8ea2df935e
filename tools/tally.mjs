/** How many tests of each kind ran, from the reports that jest writes. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './bootstrap.mjs';

/** The kinds of tests and the paths by which one knows them; the first match counts. */
const KINDS = [
  ['house', /^test\/house\//],
  ['contract', /contract/],
  ['simulation', /simulation/],
  ['property', /[./-](prop|property|properties|laws?)[./-]/],
  ['e2e', /\.e2e-spec\.ts$/],
  ['integration', /\.int-spec\.ts$/],
  ['unit', /\.spec\.ts$/],
];

/** The kind of the tests in a file, by its path from the root. */
export function kindOf(path) {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'unit';
}

/** Adds up the reports. A file that could not be run at all counts as one failed test. Returns counts by kind. */
export function tally(reports) {
  const counts = new Map(KINDS.map(([kind]) => [kind, { passed: 0, failed: 0, skipped: 0 }]));
  for (const report of reports.filter((path) => existsSync(path))) {
    for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
      const count = counts.get(kindOf(relative(root, file.name)));
      const of = (...states) => file.assertionResults.filter(({ status }) => states.includes(status)).length;
      count.passed += of('passed');
      count.failed += of('failed') || (file.status === 'failed' ? 1 : 0);
      count.skipped += of('pending', 'skipped', 'todo', 'disabled');
    }
  }
  return counts;
}

/** The table of all kinds as lines. */
export function tableOf(counts) {
  const row = (...cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : String(cell).padStart(8))).join('');
  return [
    row('kind', 'passed', 'failed', 'skipped'),
    ...[...counts].map(([kind, { passed, failed, skipped }]) => row(kind, passed, failed, skipped)),
  ];
}

/** The last line of a test run. */
export function sumLine(counts, otherFailures) {
  const sum = (state) => [...counts.values()].reduce((total, count) => total + count[state], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  return `${sum('passed')} passed, ${sum('failed') + otherFailures} failed${skipped}`;
}
