import type { RecordedEvent } from '#domain';
import type { EventLog } from '#events';
import { MemoryEventLog, MemoryNats, settled, VirtualClock } from '#events/testing';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { MemoryProjectionStore } from './memory-projection-store.js';
import { MemoryNodeView, MemoryTemplateView, MemoryVmView } from './memory-views.js';
import { Overtaken } from './follower-ends.js';
import { type Projected, ProjectionMismatch, Projector } from './projector.js';

function world() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const nats = new MemoryNats(clock);
  const log: EventLog = new MemoryEventLog(nats.connect('test'));
  const store = new MemoryProjectionStore();
  const committed: Projected[] = [];
  const stop = new AbortController();
  const projector = new Projector({ log, store, clock }, (projected) => committed.push(projected), {
    maxEvents: 100,
    lingerMs: 5,
  });
  const appender = log.appender(0);
  const append = (events: readonly RecordedEvent[]) => appender.append(events);
  return { clock, nats, log, store, committed, stop, projector, append };
}

describe('the projector', () => {
  test('gathers what comes within the linger into one step, and full batches at once', async () => {
    const { clock, store, committed, stop, projector, append } = world();
    const history = new FleetHistory();
    const running = projector.run(stop.signal);
    await append(history.found());
    await settled();
    expect(committed).toEqual([]);
    await clock.advanceBy(5);
    expect(committed).toHaveLength(1);
    expect(await new MemoryTemplateView(store).list()).toHaveLength(2);
    for (let tick = 0; tick < 100; tick++) await append(history.tick());
    await settled();
    expect(committed.slice(1).every(({ events }) => events === 100)).toBe(true);
    await clock.advanceBy(5);
    expect(committed.at(-1)?.sequence).toBe(history.cluster.sequence);
    expect(committed.reduce((sum, { events }) => sum + events, 0)).toBe(history.cluster.sequence);
    const vms = await new MemoryVmView(store).list();
    expect(vms.map(({ id }) => id)).toEqual([...history.cluster.vms.keys()]);
    const used = (await new MemoryNodeView(store).list()).map(({ id, use }) => [id, use.vms]);
    expect(used).toEqual([...history.cluster.nodes.values()].map(({ id, used }) => [id, used.vms]));
    stop.abort();
    await running;
  });

  test('passes over events of a type or version that it does not know, tells how many, and folds on behind them', async () => {
    const { clock, nats, store, stop, projector, committed } = world();
    const raw = { id: 'x:1', type: 'muster.vm.VMDanced', subject: 'vm-1', time: '2026-01-01T00:00:00Z', data: {} };
    nats.events.append({ subject: 'muster.evt.vm.vm-1.VMDanced', text: JSON.stringify(raw) });
    const newer = { ...raw, id: 'x:2', type: 'muster.vm.VMStarted', dataschema: 'urn:muster:VMStarted:99' };
    nats.events.append({ subject: 'muster.evt.vm.vm-1.VMStarted', text: JSON.stringify(newer) });
    const running = projector.run(stop.signal);
    await clock.advanceBy(10);
    expect((await store.position()).sequence).toBe(2);
    expect(committed).toMatchObject([{ events: 2, unreadable: 2 }]);
    stop.abort();
    await running;
  });

  test('stops when the log is behind it, another log, or the rows are of another version', async () => {
    const { clock, store, projector, append, log } = world();
    const history = new FleetHistory();
    await append(history.found());
    const run = (changed: Partial<EventLog>, at: Partial<Awaited<ReturnType<typeof store.position>>> = {}) => {
      const position = async () => ({ ...(await store.position()), ...at });
      const ports = {
        log: {
          follow: log.follow.bind(log),
          lastSequence: () => log.lastSequence(),
          incarnation: () => log.incarnation(),
          ...changed,
        },
        store: { position, load: store.load.bind(store), commit: store.commit.bind(store) },
        clock,
      };
      return new Projector(ports, () => undefined).run(new AbortController().signal);
    };
    const first = new AbortController();
    const running = projector.run(first.signal);
    await clock.advanceBy(10);
    first.abort();
    await running;
    await expect(run({ lastSequence: async () => 2 })).rejects.toThrow(ProjectionMismatch);
    await expect(run({ lastSequence: async () => 2 })).rejects.toThrow(/log ends at 2, so it has lost events/);
    await expect(run({ incarnation: async () => 'another' })).rejects.toThrow(/the log that is here is another/);
    await expect(run({}, { version: 999 })).rejects.toThrow(/is of version 999/);
  });

  test('gives up its place when a rebuild moved the projection, and goes on from the new one when run again', async () => {
    const { clock, store, stop, projector, append } = world();
    const history = new FleetHistory();
    const running = projector.run(stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    await append(history.found());
    await clock.advanceBy(10);
    store.reset('2');
    await append(history.tick());
    await clock.advanceBy(10);
    expect(await running).toBeInstanceOf(Overtaken);
    const again = projector.run(stop.signal);
    await clock.advanceBy(10);
    expect(await store.position()).toMatchObject({ sequence: history.cluster.sequence, generation: '2' });
    expect(await new MemoryTemplateView(store).list()).toHaveLength(2);
    stop.abort();
    await again;
  });

  test('throws when the log goes away for good', async () => {
    const { clock, nats, store } = world();
    const link = nats.connect('mortal');
    const projector = new Projector({ log: new MemoryEventLog(link), store, clock }, () => undefined);
    const running = projector.run(new AbortController().signal);
    await settled();
    link.close();
    await expect(running).rejects.toMatchObject({ dependency: 'nats' });
  });
});
