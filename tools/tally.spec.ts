import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}
interface Tally {
  kindOf(path: string): string;
  tally(reports: readonly string[]): Map<string, Count>;
  sumLine(counts: Map<string, Count>, otherFailures: number): string;
}
const root = join(import.meta.dirname, '..');
const { kindOf, tally, sumLine } = (await import(join(root, 'tools/tally.mjs'))) as Tally;

describe('kindOf()', () => {
  it.each([
    ['libs/domain/src/vm/start-vm.spec.ts', 'unit'],
    ['libs/domain/src/decide.property.spec.ts', 'property'],
    ['libs/domain/src/prefix-law.spec.ts', 'property'],
    ['libs/domain/src/properties/capacity.spec.ts', 'property'],
    ['apps/api/src/claws/claw.spec.ts', 'unit'],
    ['test/house/imports.spec.ts', 'house'],
    ['test/simulation/chaos.spec.ts', 'simulation'],
    ['libs/events/src/log.jetstream.int-spec.ts', 'integration'],
    ['test/contract/anka.e2e-spec.ts', 'contract'],
    ['libs/events/src/event-log.contract.spec.ts', 'contract'],
    ['test/e2e/first-vm.e2e-spec.ts', 'e2e'],
  ])('knows %s as %s', (path, kind) => expect(kindOf(path)).toBe(kind));
});

describe('tally()', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'muster-tally-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const report = (testResults: readonly { path: string; status: string; tests: readonly string[] }[]): string => {
    const path = join(folder, 'report.json');
    const files = testResults.map(({ path: name, status, tests }) => ({
      name: join(root, name),
      status,
      assertionResults: tests.map((state) => ({ status: state })),
    }));
    writeFileSync(path, JSON.stringify({ testResults: files }));
    return path;
  };

  it('adds up by kind, and counts a file that could not run as one failure', () => {
    const counts = tally([
      report([
        { path: 'libs/a.spec.ts', status: 'passed', tests: ['passed', 'passed'] },
        { path: 'libs/b.spec.ts', status: 'failed', tests: ['passed', 'failed', 'failed'] },
        { path: 'libs/c.int-spec.ts', status: 'failed', tests: [] },
      ]),
      join(folder, 'missing.json'),
    ]);
    expect(counts.get('unit')).toEqual({ passed: 3, failed: 2, skipped: 0 });
    expect(counts.get('integration')).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(sumLine(counts, 0)).toBe('3 passed, 3 failed');
  });

  it('speaks of skipped tests only when there are some, and adds other failures', () => {
    const counts = tally([report([{ path: 'libs/a.spec.ts', status: 'passed', tests: ['passed', 'pending'] }])]);
    expect(sumLine(counts, 2)).toBe('1 passed, 2 failed, 1 skipped');
  });
});
