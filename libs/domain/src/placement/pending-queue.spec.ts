import fc from 'fast-check';
import type { VmId } from '../ids.js';
import { runs } from '../testing/arbitraries.js';
import type { Vm } from '../vm/vm.js';
import { PendingQueue } from './pending-queue.js';
import { isBefore, type Waiting, WaitingLine } from './waiting-line.js';

const vm = (sequence: number, priority?: number, cpu = 1): Vm =>
  ({
    id: `vm-${sequence}`,
    acceptedSequence: sequence,
    cpu,
    memoryMiB: 64,
    image: { arch: 'amd64' },
    request: { templateId: 't', ...(priority !== undefined && { priority }) },
  }) as Vm;

describe('the queue', () => {
  it('orders by priority, 1000 by default, and then by acceptance, over all kinds', () => {
    const queue = new PendingQueue();
    for (const waiting of [vm(1), vm(2, 999, 8), vm(3, 1001), vm(4, 1000, 8), vm(5, 1)]) queue.add(waiting);
    expect([...queue]).toEqual(['vm-5', 'vm-2', 'vm-1', 'vm-4', 'vm-3']);
  });

  it('knows its size and the first of each kind', () => {
    const queue = new PendingQueue();
    const [a, b, c] = [vm(1), vm(2, 1), vm(3, 1, 2)];
    for (const waiting of [a, b, c]) queue.add(waiting);
    expect([...queue.kinds].map((kind) => queue.first(kind)?.vmId)).toEqual(['vm-2', 'vm-3']);
    queue.remove(c);
    queue.remove(c);
    expect(queue.size).toBe(2);
    expect([...queue.kinds]).toHaveLength(1);
  });

  it('loses nothing when one leaves that was never there', () => {
    const queue = new PendingQueue();
    queue.add(vm(2));
    queue.remove(vm(1));
    queue.remove(vm(3));
    queue.remove(vm(3, 1, 9));
    expect([...queue]).toEqual(['vm-2']);
  });
});

describe('a waiting line', () => {
  const entry = fc.record({ priority: fc.nat(3), sequence: fc.nat(30) });
  const step = fc.record({ add: fc.boolean(), entry });

  it('says the same as a list that is sorted anew each time', () => {
    fc.assert(
      fc.property(fc.array(step, { size: 'max', maxLength: 200 }), (steps) => {
        const line = new WaitingLine();
        let list: Waiting[] = [];
        for (const { add, entry: at } of steps) {
          const waiting = { ...at, vmId: `${at.priority}-${at.sequence}` as VmId };
          const known = list.some(({ vmId }) => vmId === waiting.vmId);
          if (add && !known) {
            line.add(waiting);
            list = [...list, waiting].sort((a, b) => (isBefore(a, b) ? -1 : 1));
          } else if (!add) {
            expect(line.remove(waiting)).toBe(known);
            list = list.filter(({ vmId }) => vmId !== waiting.vmId);
          }
          expect([...line]).toEqual(list);
          expect(line.first).toEqual(list[0]);
          expect(line.size).toBe(list.length);
        }
      }),
      runs(100),
    );
  });
});
