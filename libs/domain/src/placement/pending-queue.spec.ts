import type { Vm } from '../vm/vm.js';
import { PendingQueue } from './pending-queue.js';

const AGEING = 10;
const vm = (sequence: number, priority?: number, cpu = 1): Vm =>
  ({
    id: `vm-${sequence}`,
    acceptedSequence: sequence,
    createdAt: 1000 * sequence,
    cpu,
    memoryMiB: 64,
    image: { arch: 'amd64', templateId: 't', tag: 'v1' },
    request: { templateId: 't', ...(priority !== undefined && { priority }) },
    phase: { name: 'pending', since: 0, isPatient: true },
  }) as unknown as Vm;

function queueOf(...vms: Vm[]): PendingQueue {
  const queue = new PendingQueue();
  for (const waiting of vms) queue.add(waiting, AGEING);
  return queue;
}

describe('the queue', () => {
  it('orders by acceptance, and by priority as if each point were so many ms, 1000 points by default, over all kinds', () => {
    expect([...queueOf(vm(1), vm(2, 899, 8), vm(3, 1001), vm(4, 1000, 8), vm(5, 1))]).toEqual([
      'vm-5',
      'vm-2',
      'vm-1',
      'vm-3',
      'vm-4',
    ]);
  });

  it('is first come, first served when a point is worth nothing', () => {
    const queue = new PendingQueue();
    for (const waiting of [vm(2, 1), vm(1, 9999)]) queue.add(waiting, 0);
    expect([...queue]).toEqual(['vm-1', 'vm-2']);
  });

  it('knows its size, the first of each kind, and who became the first of a line', () => {
    const queue = new PendingQueue();
    const [a, b, c] = [vm(1), vm(2, 1), vm(3, 1, 2)];
    expect([a, b, c, vm(4)].map((waiting) => queue.add(waiting, AGEING) !== undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([...queue.kinds].map((kind) => queue.first(kind)?.vmId)).toEqual(['vm-2', 'vm-3']);
    queue.remove(c);
    queue.remove(c);
    expect(queue.size).toBe(3);
    expect([...queue.kinds]).toHaveLength(1);
  });

  it('forgets those who leave from the middle', () => {
    const [a, b, c] = [vm(1), vm(2), vm(3)];
    const queue = queueOf(a, b, c);
    queue.remove(b);
    queue.remove(a);
    expect([...queue.kinds].map((kind) => queue.first(kind)?.vmId)).toEqual(['vm-3']);
    expect([...queue]).toEqual(['vm-3']);
  });

  it('loses nothing when one leaves that was never there', () => {
    const queue = queueOf(vm(2));
    queue.remove(vm(1));
    queue.remove(vm(3, 1, 9));
    expect([...queue]).toEqual(['vm-2']);
  });
});
