import { Undecodable } from '#events';
import { MemoryEventLog, MemoryNats, VirtualClock } from '#events/testing';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { Overtaken } from '../projections/follower-ends.js';
import { ArchiveMismatch, Archiver } from './archiver.js';
import { chained } from './chain.js';
import { MemoryArchiveStore } from './memory-archive-store.js';

function world() {
  const clock = new VirtualClock();
  const nats = new MemoryNats(clock);
  const log = new MemoryEventLog(nats.connect('archiver'));
  const store = new MemoryArchiveStore();
  const stop = new AbortController();
  const committed: number[] = [];
  const archiver = new Archiver({ log, store, clock }, ({ sequence }) => committed.push(sequence));
  const appender = new MemoryEventLog(nats.connect('control-plane')).appender(0);
  const raw = (text: string) => nats.events.append({ subject: 'muster.evt.vm.vm-1.VMDanced', text });
  return { clock, nats, log, store, stop, committed, archiver, appender, raw };
}

describe('the archiver', () => {
  test('keeps the exact text of every event, of types that no build knows and of none at all', async () => {
    const { clock, store, stop, archiver, raw, committed, log } = world();
    const odd =
      '{ "id":"x:1", "type":"muster.planet.PlanetFound", "subject":"p", "time":"2026-01-01T00:00:00Z", "n":1.0 }';
    raw(odd);
    raw('no JSON');
    const running = archiver.run(stop.signal);
    await clock.advanceBy(10);
    expect(store.archive.events).toEqual([
      expect.objectContaining({
        sequence: 1,
        id: 'x:1',
        type: 'PlanetFound',
        noun: 'planet',
        subjectId: 'p',
        body: odd,
      }),
      expect.objectContaining({ sequence: 2, id: 'unnamed:2', type: 'unknown', body: '{"unreadable":"no JSON"}' }),
    ]);
    expect(committed.at(-1)).toBe(2);
    stop.abort();
    await running;
    // The views cannot go on there; the archive has it all the same.
    for await (const event of log.follow(2)) {
      expect(() => event.recorded).toThrow(Undecodable);
      break;
    }
  });

  test('adds nothing behind another log, a log that has lost events, or one that says something else', async () => {
    const { store, archiver, log, stop, appender, clock, raw } = world();
    await appender.append(new FleetHistory().found());
    const running = archiver.run(stop.signal);
    await clock.advanceBy(10);
    stop.abort();
    await running;
    const before = store.links.length;
    const again = (changed: Partial<typeof log>) => {
      const other = {
        follow: log.follow.bind(log),
        lastSequence: () => log.lastSequence(),
        incarnation: () => log.incarnation(),
      };
      return new Archiver({ log: { ...other, ...changed }, store, clock }, () => undefined).run(
        new AbortController().signal,
      );
    };
    const words = async (changed: Partial<typeof log>) => {
      const failure = await again(changed).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ArchiveMismatch);
      return (failure as Error).message;
    };
    expect(await words({ incarnation: async () => 'another' })).toContain('the log that is here is another');
    expect(await words({ lastSequence: async () => 1 })).toContain('the log ends at 1, so it has lost events');
    raw('{}');
    const body = JSON.stringify({ id: 'other' });
    const follow = () =>
      Object.assign([{ sequence: before, recorded: undefined, raw: body }] as never, { stop: () => undefined });
    expect(await words({ follow })).toContain(`the log has event other there`);
    expect(await words({ incarnation: async () => 'another' })).toContain('events import');
    expect(store.links).toHaveLength(before);
  });

  test('goes on elsewhere when another archiver was quicker', async () => {
    const { clock, store, stop, archiver, appender } = world();
    const history = new FleetHistory();
    const running = archiver.run(stop.signal).catch((error: unknown) => error);
    await appender.append(history.found());
    await clock.advanceBy(50);
    const head = await store.head();
    const event = { ...store.archive.events[0], sequence: head.sequence + 1 } as never;
    await store.append(chained(head, [event], 'log-1'));
    await appender.append(history.tick());
    await clock.advanceBy(50);
    expect(await running).toBeInstanceOf(Overtaken);
  });
});
