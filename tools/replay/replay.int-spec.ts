import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, decide, DEFAULT_POLICY, emptyCluster, type RecordedCommand, type RecordedEvent } from '#domain';
import { recordedCommand, systemClock } from '#events';
import {
  ensureStreams,
  JetStreamBookmarks,
  JetStreamCommandQueue,
  JetStreamEventLog,
  JetStreamLogKeeper,
  NatsLink,
} from '#events/jetstream';
import { publishCommand } from '../../libs/events/src/jetstream/command-queue.jetstream.js';
import { Upkeep } from '../../apps/scheduler/src/retention/upkeep.js';
import { FleetHistory } from '../../test/support/fleet-history.js';
import { type EmbeddedNats, startEmbeddedNats } from '../services/index.js';
import { replay } from './replay.js';

/** Writes down what a fleet asks and reports, so that it can be asked and reported once more, on real streams. */
class Script extends FleetHistory {
  readonly told: { command: Command; actor: string }[] = [];

  override tell(command: Command, actor = 'root') {
    this.told.push({ command, actor });
    return super.tell(command, actor);
  }
}

let dir: string;
let server: EmbeddedNats;
let link: NatsLink;
let queue: JetStreamCommandQueue;
let log: JetStreamEventLog;
let keeper: JetStreamLogKeeper;
const cluster = emptyCluster();
let decided = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'muster-replay-'));
  server = await startEmbeddedNats({ dir });
  link = await NatsLink.connect({ url: server.url, name: 'replay' });
  await ensureStreams(link);
  [queue, log, keeper] = [new JetStreamCommandQueue(link), new JetStreamEventLog(link), new JetStreamLogKeeper(link)];
});
afterAll(async () => {
  await link.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function publish(command: Command, id: string, actor = 'root'): Promise<void> {
  await queue.publish({ id, time: systemClock.now(), actor, correlationId: id, command });
}

/** Builds before 0.4 did not say of which command an event came. */
const asBefore04 = ({ cause: { commandType: _, ...cause }, ...event }: RecordedEvent): RecordedEvent => ({
  ...event,
  cause,
});

/** Decides what is in COMMANDS and was not decided yet, as a control plane does. */
async function decideAll(written: (event: RecordedEvent) => RecordedEvent = (event) => event): Promise<void> {
  const last = await queue.lastSequence();
  const appender = log.appender(cluster.sequence);
  for await (const received of queue.follow(decided + 1)) {
    decided = received.sequence;
    if (received.content.ok)
      await appender.append(decide(cluster, recordedCommand(received, received.content.envelope)).events.map(written));
    if (decided === last) break;
  }
  appender.close();
}

async function nextCommand(): Promise<RecordedCommand> {
  for await (const received of queue.follow(decided + 1))
    if (received.content.ok) return recordedCommand(received, received.content.envelope);
  throw new Error('There is no command');
}

/** What a leader does every ten minutes, of a log of which all has been read. */
async function cut(retention: { eventsMs?: number; commandsMs?: number }): Promise<void> {
  const bookmarks = new JetStreamBookmarks(link);
  for (const name of ['archive', 'projection']) {
    const bookmark = { incarnation: await log.incarnation(), sequence: await log.lastSequence(), done: [] };
    await bookmarks.move(name, bookmark, (await bookmarks.read(name))?.revision ?? 0);
  }
  const { eventsMs, commandsMs } = retention;
  const upkeep = new Upkeep({
    ...{ log, keeper, bookmarks, clock: systemClock, termId: `spec-${decided}-${eventsMs}`, tell: () => undefined },
    retention: { eventsMs, commandsMs, lookMs: 1000, minEvents: 100, marginEvents: 50 },
    onFault: (cause) => {
      throw cause;
    },
  });
  await upkeep.once(new AbortController().signal);
}

async function live(ticks: number, seed: number, written?: (event: RecordedEvent) => RecordedEvent): Promise<void> {
  const script = new Script({ seed, nodes: 3 });
  script.found();
  for (let tick = 0; tick < ticks; tick++) script.tick();
  const policy = { ...DEFAULT_POLICY, terminatedVisibleMs: 1 };
  await publish({ type: 'SetPolicy', policy }, `policy-${seed}`, 'control-plane');
  for (const [n, { command, actor }] of script.told.entries()) await publish(command, `c-${seed}-${n}`, actor);
  await decideAll(written);
}

const judged = () => replay(queue, log, keeper);
const nothing = { differences: [], more: 0, repeated: 0 };

describe('a replay', () => {
  test('of whole streams judges every command, also those that an earlier build has decided', async () => {
    await live(20, 0, asBefore04);
    await live(150, 1);
    expect(await judged()).toMatchObject({
      ...nothing,
      commands: cluster.cause.sequence,
      events: cluster.sequence,
      beforeCut: 0,
    });
  }, 60_000);

  test('of a log that was cut begins behind the remnant, and says what it did not look at', async () => {
    await cut({ eventsMs: 1 });
    const { first, last } = await keeper.extentOf('EVENTS');
    expect(first).toBeGreaterThan(100);
    const report = await judged();
    expect(report).toMatchObject(nothing);
    expect(report.commands).toBeGreaterThan(10);
    expect(report.events).toBeLessThan(last - first);
    expect(report.commands + report.beforeCut).toBe(cluster.cause.sequence);

    await live(200, 2);
    await cut({ eventsMs: 1 });
    const again = await judged();
    expect(again).toMatchObject(nothing);
    expect(again.beforeCut).toBeGreaterThan(report.beforeCut);
    expect(again.commands + again.beforeCut).toBe(cluster.cause.sequence);
  }, 60_000);

  test('passes over a command that repeats one of whose outcome nothing is left', async () => {
    const gone = { type: 'StartVM', vmIds: ['vm-of-old'], request: { templateId: 'ubuntu' } } as const;
    await publish(gone, 'old');
    await decideAll();
    await publish({ type: 'TerminateVM', vmId: 'vm-of-old' }, 'end-of-old');
    await decideAll();
    const { at } = cluster.vms.get('vm-of-old' as never)?.phase as { at?: { nodeId: string; epoch: number } };
    if (at) await publish({ type: 'ReportVMTerminated', vmId: 'vm-of-old', ...at }, 'terminated');
    await systemClock.sleep(5);
    await publish({ type: 'RunTimers' }, 'timers');
    await live(60, 3);
    await cut({ eventsMs: 1 });
    // As a door does, under another message id than the first time.
    const original = { id: 'old', time: 1, actor: 'root', correlationId: 'old', command: gone };
    await publishCommand(link, original, 'old-once-more');
    const before = cluster.sequence;
    await decideAll();
    expect(cluster.sequence).toBe(before);
    await live(1, 4);
    expect(await judged()).toMatchObject({ ...nothing, repeated: 1 });
  }, 60_000);

  test('of commands that were cut as well begins where both streams reach', async () => {
    await cut({ commandsMs: 1 });
    const { first, last } = await keeper.extentOf('COMMANDS');
    expect([first > 1, last]).toEqual([true, decided]);
    await live(20, 5);
    const report = await judged();
    expect(report).toMatchObject({ ...nothing, beforeCut: first - 1 });
    expect(report.commands).toBe(cluster.cause.sequence - first + 1);
  }, 60_000);

  test('finds behind a cut what was recorded and is not what would be decided', async () => {
    await publish({ type: 'StartVM', vmIds: ['vm-x'], request: { templateId: 'ubuntu' } }, 'x');
    const received = await nextCommand();
    const { events } = decide(cluster, received);
    const [started, ...rest] = events;
    if (started?.event.type !== 'StartVM') throw new Error('Nothing was started');
    const other = { ...started, event: { ...started.event, vmId: 'vm-y' as never } };
    await log.appender(started.sequence - 1).append([other, ...rest]);
    const { differences } = await judged();
    expect(differences).toEqual([expect.objectContaining({ commandSequence: decided + 1, commandType: 'StartVM' })]);
  }, 60_000);
});
