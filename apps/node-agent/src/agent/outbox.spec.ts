import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Report } from '#domain';
import { type CommandEnvelope, Unavailable } from '#events';
import { MemoryCommandQueue, MemoryNats, VirtualClock } from '#events/testing';
import { Outbox } from './outbox.js';

const of = (vmId: string) => ({ nodeId: 'n', vmId, epoch: 1 });
const pulling = (vmId: string): Report => ({ type: 'ReportVMPulling', ...of(vmId) });
const pulled = (vmId: string): Report => ({ type: 'ReportVMPulled', ...of(vmId) });
const lost = (vmId: string): Report => ({ type: 'ReportVMLost', ...of(vmId), message: 'gone' });
const terminated = (vmId: string): Report => ({ type: 'ReportVMTerminated', ...of(vmId) });

describe('the outbox', () => {
  let clock: VirtualClock;
  let nats: MemoryNats;
  let faults: string[];
  let rooms: number;
  beforeEach(() => {
    clock = new VirtualClock(1000);
    nats = new MemoryNats(clock);
    faults = [];
    rooms = 0;
  });

  function outbox(maxWaiting = 100, queue: Pick<MemoryCommandQueue, 'publish'> = memoryQueue()): Outbox {
    const origin = { nodeId: 'n', bootId: 'b' };
    const onFault = (doing: string): void => void faults.push(doing);
    return new Outbox(queue, clock, origin, maxWaiting, () => rooms++, onFault);
  }

  const memoryQueue = (): MemoryCommandQueue => new MemoryCommandQueue(nats.connect('agent'));

  const stored = (): string[] =>
    Array.from({ length: nats.commands.last }, (_, index) => {
      const { subject, text } = nats.commands.at(index + 1);
      return `${subject} ${(JSON.parse(text) as { data: { vmId: string } }).data.vmId}`;
    });

  it('numbers its reports within the boot and signs them with the node', async () => {
    const envelopes: CommandEnvelope[] = [];
    const box = outbox(undefined, {
      publish: async (envelope) => ({ sequence: envelopes.push(envelope), duplicate: false }),
    });
    box.add(pulling('vm-1'));
    box.add({ type: 'UnregisterNode', nodeId: 'n' });
    await clock.advanceBy(0);
    expect(envelopes).toEqual([
      { id: 'n:b:1', time: 1000, actor: 'node/n', correlationId: 'vm-1', command: pulling('vm-1') },
      {
        id: 'n:b:2',
        time: 1000,
        actor: 'node/n',
        correlationId: 'n:b:2',
        command: { type: 'UnregisterNode', nodeId: 'n' },
      },
    ]);
  });

  it('keeps the reports of one VM in order while those of others go ahead', async () => {
    let finishFirst = (): void => undefined;
    const queue = memoryQueue();
    const slow = new Promise<void>((resolve) => (finishFirst = resolve));
    const box = outbox(undefined, {
      publish: async (envelope) => {
        if (envelope.id === 'n:b:1') await slow;
        return queue.publish(envelope);
      },
    });
    for (const report of [pulling('vm-1'), pulled('vm-1'), pulling('vm-2')]) box.add(report);
    await clock.advanceBy(0);
    expect(stored()).toEqual(['muster.rpt.n.ReportVMPulling vm-2']);
    finishFirst();
    await clock.advanceBy(0);
    expect(stored().slice(1)).toEqual(['muster.rpt.n.ReportVMPulling vm-1', 'muster.rpt.n.ReportVMPulled vm-1']);
    expect(box.size).toBe(0);
  });

  it('tries until the queue is back, ever less often, and stores each report once', async () => {
    nats.stop();
    const box = outbox();
    box.add(pulling('vm-1'));
    box.add(pulled('vm-1'));
    await clock.advanceBy(60_000);
    expect(faults.length).toBeGreaterThan(4);
    expect(faults.length).toBeLessThan(15);
    nats.start();
    await clock.advanceBy(11_000);
    expect(stored()).toEqual(['muster.rpt.n.ReportVMPulling vm-1', 'muster.rpt.n.ReportVMPulled vm-1']);
  });

  it('sends again under the same id what may have been stored', async () => {
    const queue = memoryQueue();
    let answersLost = 2;
    const box = outbox(undefined, {
      publish: async (envelope) => {
        const published = await queue.publish(envelope);
        if (answersLost-- > 0) throw new Unavailable('nats', 'no answer');
        return published;
      },
    });
    box.add(pulling('vm-1'));
    await clock.advanceBy(1000);
    expect(stored()).toHaveLength(1);
    expect(box.size).toBe(0);
  });

  it('forgets what the end of a VM makes pointless, unless it is on its way', async () => {
    nats.stop();
    const box = outbox();
    for (const report of [pulling('vm-1'), pulled('vm-1'), lost('vm-1'), terminated('vm-1')]) box.add(report);
    expect(box.size).toBe(2);
    nats.start();
    await clock.advanceBy(10_000);
    expect(stored()).toEqual(['muster.rpt.n.ReportVMPulling vm-1', 'muster.rpt.n.ReportVMTerminated vm-1']);
  });

  it('refuses more than it may hold, and says when there is room again', async () => {
    nats.stop();
    const box = outbox(4);
    const taken = ['a', 'b', 'c', 'd', 'e'].map((vmId) => box.add(pulling(vmId)));
    expect(taken).toEqual([true, true, true, true, false]);
    nats.start();
    await clock.advanceBy(10_000);
    expect(rooms).toBe(1);
    expect(box.add(pulling('e'))).toBe(true);
  });

  it('drops a report that the queue refuses again and again for its own sake', async () => {
    const queue = memoryQueue();
    const box = outbox(undefined, {
      publish: async (envelope) => {
        if (envelope.id === 'n:b:1') throw new Error('too large');
        return queue.publish(envelope);
      },
    });
    box.add(lost('vm-1'));
    box.add(terminated('vm-1'));
    await clock.advanceBy(60_000);
    expect(stored()).toEqual(['muster.rpt.n.ReportVMTerminated vm-1']);
    expect(faults).toHaveLength(5);
  });

  it('says when everything is out', async () => {
    nats.stop();
    const box = outbox();
    box.add(pulling('vm-1'));
    let isEmpty = false;
    void box.empty().then(() => (isEmpty = true));
    await clock.advanceBy(2000);
    expect(isEmpty).toBe(false);
    nats.start();
    await clock.advanceBy(20_000);
    expect(isEmpty).toBe(true);
    await box.empty();
  });

  it('sends nothing more once it is closed', async () => {
    nats.stop();
    const box = outbox();
    box.add(pulling('vm-1'));
    await clock.advanceBy(10);
    box.close();
    nats.start();
    expect(box.add(pulled('vm-1'))).toBe(false);
    await clock.advanceBy(60_000);
    expect(stored()).toEqual([]);
    expect(clock.nextAt).toBeUndefined();
  });
});
