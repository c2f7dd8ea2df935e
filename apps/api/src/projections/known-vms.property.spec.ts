import fc from 'fast-check';
import type { VmRow } from '../views/index.js';
import { KnownVms, type Standpoint, type VmLookup, type VmNews, type VmTable } from './known-vms.js';

/** A row as far as it matters here. */
const row = (id: string, sequence: number, generation: number): VmRow =>
  ({ id, sequence, acceptedSequence: Number(id), name: `${generation}.${sequence}` }) as VmRow;

/** A table that changes between any two questions, answers them when told to, and remembers what it was at every moment. */
class ChangingTable implements VmTable {
  readonly past: ReadonlyMap<string, VmRow>[] = [new Map()];
  private sequence = 0;
  private generation = 1;
  private readonly late: (() => void)[] = [];

  get now(): ReadonlyMap<string, VmRow> {
    return this.past.at(-1) as ReadonlyMap<string, VmRow>;
  }

  put(id: string): void {
    this.become(new Map(this.now).set(id, row(id, ++this.sequence, this.generation)));
  }

  remove(id: string): void {
    this.sequence++;
    const left = new Map(this.now);
    left.delete(id);
    this.become(left);
  }

  /** The same sequences say something else. */
  rebuild(): void {
    this.generation++;
    this.become(new Map([...this.now].map(([id, { sequence }]) => [id, row(id, sequence, this.generation)])));
  }

  async since(standpoint: Standpoint): Promise<VmNews> {
    const rows = this.listed();
    const since = standpoint.generation === String(this.generation) ? standpoint.sequence : -1;
    return this.answered({
      ...{ generation: String(this.generation), sequence: this.sequence, ids: rows.map(({ id }) => id) },
      changed: new Map(rows.filter(({ sequence }) => sequence > since).map((one) => [one.id, one])),
    });
  }

  async lookUp(generation: string, known: ReadonlyMap<string, number>): Promise<VmLookup> {
    const found = new Map<string, VmRow | 'same'>();
    for (const [id, sequence] of known) {
      const now = this.now.get(id);
      if (now !== undefined)
        found.set(id, now.sequence === sequence && generation === String(this.generation) ? 'same' : now);
    }
    return this.answered({ generation: String(this.generation), found });
  }

  /** Lets the oldest question that waits have its answer; it is of the moment at which it was asked. */
  async answer(): Promise<void> {
    this.late.shift()?.();
    for (let n = 0; n < 20; n++) await Promise.resolve();
  }

  listed(of = this.now): VmRow[] {
    return [...of.values()].sort((a, b) => a.acceptedSequence - b.acceptedSequence);
  }

  private become(next: ReadonlyMap<string, VmRow>): void {
    this.past.push(next);
  }

  private async answered<T>(answer: T): Promise<T> {
    await new Promise<void>((resolve) => this.late.push(resolve));
    return answer;
  }
}

const id = fc.integer({ min: 1, max: 5 }).map(String);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: id }) },
  { weight: 2, arbitrary: fc.record({ remove: id }) },
  { weight: 1, arbitrary: fc.constant({ rebuild: true }) },
  { weight: 3, arbitrary: fc.constant({ list: true }) },
  { weight: 3, arbitrary: fc.record({ get: id }) },
  { weight: 6, arbitrary: fc.constant({ answer: true }) },
);
type Step = { put?: string; remove?: string; rebuild?: true; list?: true; get?: string; answer?: true };

describe('VMs that are known', () => {
  it('are listed and shown as they were at a moment after the question, whatever changes and whichever answer is late', async () => {
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      fc.constantFrom(2, 100),
      async (steps, maxKnown) => {
        const table = new ChangingTable();
        const known = new KnownVms(table, maxKnown);
        const checks: Promise<void>[] = [];
        for (const { put, remove, rebuild, list, get, answer } of steps as readonly Step[]) {
          const asked = table.past.length - 1;
          if (put !== undefined) table.put(put);
          if (remove !== undefined) table.remove(remove);
          if (rebuild) table.rebuild();
          if (answer) await table.answer();
          if (list)
            checks.push(
              known.list().then((rows) => {
                const moments = table.past.slice(asked).map((moment) => table.listed(moment));
                expect(moments).toContainEqual(rows);
              }),
            );
          if (get !== undefined)
            checks.push(
              known.get(get).then((found) => {
                expect(table.past.slice(asked).map((moment) => moment.get(get))).toContainEqual(found);
              }),
            );
        }
        for (let n = 0; n <= 2 * steps.length; n++) await table.answer();
        await Promise.all(checks);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it('are the same objects while they do not change', async () => {
    const table = new ChangingTable();
    const known = new KnownVms(table);
    table.put('1');
    table.put('2');
    const both = async <T>(asked: Promise<T>): Promise<T> => (await table.answer(), asked);
    const [first, second] = await both(known.list());
    table.put('2');
    const [again, changed] = await both(known.list());
    expect(again).toBe(first);
    expect(changed).not.toEqual(second);
    expect(await both(known.get('1'))).toBe(first);
    expect(await both(known.get('3'))).toBeUndefined();
  });
});
