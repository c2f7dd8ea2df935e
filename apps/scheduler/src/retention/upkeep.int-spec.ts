import { fold } from '../../../../libs/domain/src/testing/index.js';
import { desiredNode, type RecordedEvent } from '#domain';
import { LogCut, systemClock } from '#events';
import { ensureStreams, JetStreamBookmarks, JetStreamEventLog, JetStreamLogKeeper, NatsLink } from '#events/jetstream';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { natsOfSpec } from '../../../../test/support/nats-of-spec.contract.js';
import { Upkeep, type UpkeepDone } from './upkeep.js';

const MARGIN = 500;

const nats = natsOfSpec();

async function whole(log: JetStreamEventLog): Promise<RecordedEvent[]> {
  const last = await log.lastSequence();
  const events: RecordedEvent[] = [];
  for await (const { sequence, recorded } of log.follow(1)) {
    if (recorded !== undefined) events.push(recorded);
    if (sequence === last) break;
  }
  return events;
}

/** VMs, nodes and what each node is to run, as whoever has read these events believes. */
function beliefs(events: Iterable<RecordedEvent>) {
  const cluster = fold(events);
  return {
    vms: [...cluster.vms.values()],
    templates: [...cluster.templates.values()],
    desired: [...cluster.nodes.keys()].map((id) => desiredNode(cluster, id)),
  };
}

test('On a real server the log is cut while its writer goes on; whoever begins anew knows the same, and the fleet lives on', async () => {
  const log = new JetStreamEventLog(nats.link);
  const keeper = new JetStreamLogKeeper(nats.link);
  const bookmarks = new JetStreamBookmarks(nats.link);
  const fleet = new FleetHistory({ seed: 11, nodes: 5 });
  const history = fleet.found();
  for (let tick = 0; tick < 1500; tick++) history.push(...fleet.tick());
  const appender = log.appender(0);
  await appender.append(history);
  const incarnation = await log.incarnation();
  for (const name of ['archive', 'projection'])
    await bookmarks.move(name, { incarnation, sequence: history.length, done: [] }, 0);
  const before = beliefs(history);

  const told: UpkeepDone[] = [];
  const upkeep = new Upkeep({
    ...{ log, keeper, bookmarks, clock: systemClock, termId: 'spec', tell: (done) => told.push(done) },
    retention: { eventsMs: 1, commandsMs: undefined, lookMs: 1000, minEvents: 1000, marginEvents: MARGIN },
    onFault: (cause) => {
      throw cause;
    },
  });
  // The writer does not know of any of this.
  let cutting = true;
  const cut = upkeep.once(new AbortController().signal).finally(() => (cutting = false));
  while (cutting) {
    const events = fleet.tick();
    await appender.append(events);
    history.push(...events);
    await systemClock.sleep(2);
  }
  await cut;

  const [done] = told;
  expect(done?.firstEvent).toBeGreaterThan(history.length / 3);
  expect(done?.firstEvent).toBeLessThanOrEqual((done?.remnantThrough ?? 0) + 1);
  expect(done?.remnantEvents).toBeLessThan((done?.remnantThrough ?? 0) / 2);
  await expect(log.follow(2)[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(LogCut);

  const read = await whole(log);
  expect(read.length).toBeLessThan(history.length);
  const after = beliefs(read);
  expect(after).toEqual(beliefs(history));
  expect(after).not.toEqual(before);

  // Another process begins with a server that died in between, and goes on writing where the log ends.
  await nats.crash();
  const second = await NatsLink.connect({ url: nats.url, name: 'second' });
  try {
    await ensureStreams(second);
    const again = new JetStreamEventLog(second);
    expect(await again.incarnation()).toBe(incarnation);
    expect(beliefs(await whole(again))).toEqual(after);
    const more = fleet.tick();
    await again.appender(history.length).append(more);
    expect(beliefs(await whole(again))).toEqual(beliefs([...history, ...more]));
  } finally {
    await second.close();
  }
}, 120_000);

test('A cut that was left open is closed before anybody appends, and cuts nothing off meanwhile', async () => {
  const log = new JetStreamEventLog(nats.link);
  const keeper = new JetStreamLogKeeper(nats.link);
  const { first, last } = await keeper.extentOf('EVENTS');
  const manager = await (await import('@nats-io/jetstream')).jetstreamManager(nats.link.nc);
  const { config } = await manager.streams.info('EVENTS');
  await manager.streams.update('EVENTS', { ...config, discard: 'old', max_msgs: last - first + 1 });
  await keeper.settle();
  expect((await manager.streams.info('EVENTS')).config).toMatchObject({
    max_msgs: -1,
    discard: 'new',
    deny_purge: true,
  });
  expect(await keeper.extentOf('EVENTS')).toEqual({ first, last });
  expect(await log.lastSequence()).toBe(last);
});
