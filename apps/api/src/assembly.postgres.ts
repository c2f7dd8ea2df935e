import { type Clock, systemClock } from '#events';
import type { ApiConfig } from './api.config.js';
import { PostgresArchiveReader } from './archive/archive-reader.postgres.js';
import type { Companion } from './archive/companion.postgres.js';
import { type ArchiveNeeds, openArchive } from './archive/open-archive.postgres.js';
import { Backbone } from './backbone.js';
import { DiskBlobStore } from './blobs/blob-store.driver.js';
import { PostgresBlobReferences } from './blobs/blob-references.postgres.js';
import { SWEEP_EVERY_MS, sweepBlobs } from './blobs/blob-sweep.js';
import { LateBus } from './bus/bus.js';
import { connectNatsBus } from './bus/nats-bus.jetstream.js';
import { Ask } from './commands/ask.js';
import type { CentralLog } from './dialects/anka/central-log/central-log.js';
import { DiskCentralLog } from './dialects/anka/central-log/central-log.driver.js';
import { type EventLogParts, fileReceiver, flowTo, httpReceiver } from './dialects/anka/event-log/event-log.js';
import { machineName } from './dialects/anka/event-log/host-name.system.js';
import { HttpSink } from './dialects/anka/event-log/http-sink.http.js';
import type { RecordFlow } from './dialects/anka/event-log/record-flow.js';
import { eventReadsOf } from './events/event-reads.js';
import { gaugeStreams } from './events/stream/stream-gauges.js';
import { newId } from './ids.system.js';
import { keepMacPoolFilled } from './mac-fill.js';
import type { MacRange } from './mac-range.js';
import { PostgresAccessView } from './projections/access-view.postgres.js';
import { MAX_CONNECTIONS, openPool } from './projections/database.postgres.js';
import { PlaceMarks } from './projections/place-marks.js';
import { FollowerGate } from './projections/follower-gate.js';
import { FollowerLoop, type FollowerState } from './projections/follower-loop.js';
import { PostgresProjectionStore } from './projections/projection-store.postgres.js';
import { type Projected, Projector } from './projections/projector.js';
import { PostgresFollowerSeat } from './projections/follower-seat.postgres.js';
import { LIVE_SCHEMA } from './projections/tables.postgres.js';
import {
  PostgresNodeView,
  PostgresSmallView,
  PostgresTemplateView,
  PostgresVmView,
} from './projections/views.postgres.js';
import { probesOf } from './readiness.js';
import { HealthWatch, type Part } from './shell/health-watch.js';
import { REGISTRY } from './shell/listener.js';
import type { Log } from './shell/log.js';
import { Metrics } from './shell/metrics.system.js';
import { SideListener } from './shell/side-listener.http.js';
import { NodeVitals } from './vitals/node-vitals.js';
import { Explainer } from './vms/explainer.js';
import { openDelivery } from './webhooks/delivery/open-delivery.postgres.js';
import { openWebhooks } from './webhooks/open-webhooks.postgres.js';
import { WebhookOutbox } from './webhooks/outbox.postgres.js';

/**
 * Nobody waits for the disk: rows and checkpoint are written together, so what a crash of the database takes away is projected again
 * from the log.
 */
const PROJECTION_SESSION = '-c synchronous_commit=off';

/** Everything behind the doors, made and joined but not yet running. Nothing here needs NATS or Postgres to be there. */
export function assemble(config: ApiConfig, log: Log) {
  const clock = systemClock;
  const metrics = new Metrics();
  const pool = openPool(config.databaseUrl, MAX_CONNECTIONS, PROJECTION_SESSION);
  const blobs = new DiskBlobStore(config.blobDir);
  const vitals = new NodeVitals(clock);
  const bus = new LateBus(() => connectNatsBus(config.natsUrl, 'muster-api', log), clock);
  const { databaseUrl, archiveRetentionMs: keptMs } = config;
  const outbox = new WebhookOutbox();
  const follows = { pool, databaseUrl, keptMs, bus, clock, metrics, log };
  const { gate, loop, store, archive } = followersOf(follows, [outbox]);
  const seen = { lastSequence: 0 };
  const watch = new HealthWatch(probesOf({ bus, loop, gate, store, archive }, seen), clock, (part, wrong) => {
    metrics.part(part, wrong === undefined);
    tellPart(part, wrong, log);
  });
  gaugesOf(metrics, { projection: gate, archive: archive.gate }, seen);
  const sweep = () => sweepBlobs(blobs, new PostgresBlobReferences(pool), bus.log, gate, clock);
  const ask = new Ask(bus.door, gate, clock, newId);
  const at = config.registryListen;
  const centralLog = new DiskCentralLog(config.centralLog.dir, config.centralLog, clock);
  const reads = readsOf(pool, { bus, gates: { views: gate, archive: archive.gate }, clock, metrics, log, config });
  const needs = { config, archive: reads.archive, ask, gate: archive.gate, outbox };
  const webhooks = openWebhooks({ ...needs, clock, metrics, log });
  const { sender } = webhooks;
  const delivery = openDelivery({ config, ask, gate: archive.gate, outbox, sender, clock, metrics, log });
  const opened = [archive, webhooks, delivery];
  const closePools = async () => void (await Promise.all([pool.end(), ...opened.map((one) => one.close())]));
  const flows = [
    webhooks.keeper,
    ...delivery.flows,
    reads.eventReads.followers,
    ...archive.flows,
    ...flowsOf(config, centralLog, { bus: () => bus.now(), clock, log, metrics }),
    ...macKeeper(config.macRange, ask, clock, log),
    placeMarks({ bus, clock, log, store, archive }),
  ];
  const sweeping = { sweep, sweepEveryMs: SWEEP_EVERY_MS };
  const parts = { bus, loop, gate, archive, watch, vitals, clock, log, flows, ...sweeping, closePools };
  return {
    ...{ clock, log, metrics, watch, vitals, blobs, centralLog, singleUse: bus.singleUse },
    registryListener: at && new SideListener({ name: REGISTRY, at, clock, log, graceMs: config.graceMs }),
    ...reads,
    archiveGate: archive.gate,
    ask,
    webhooks,
    explainer: new Explainer(bus.explainDoor, gate),
    backbone: new Backbone(parts),
  };
}

interface FollowerNeeds extends Omit<ArchiveNeeds, 'onState'> {
  readonly pool: ReturnType<typeof openPool>;
  readonly bus: LateBus;
}

/** What this replica makes of the log: views and archive. Of each the follower that writes it, when it has the seat, and how far it is. */
function followersOf({ pool, ...needs }: FollowerNeeds, companions: readonly Companion[]) {
  const { bus, clock, metrics, log, databaseUrl } = needs;
  const gate = new FollowerGate(clock);
  const store = new PostgresProjectionStore(pool, LIVE_SCHEMA);
  const onCommit = (projected: Projected): void => {
    gate.advance(projected.sequence);
    bus.announce(projected.sequence);
    loop.committed();
    metrics.batch(projected.events, clock.now() - (projected.eventTime ?? clock.now()));
    metrics.unreadable('projection', projected.unreadable);
  };
  const projector = new Projector({ log: bus.log, store, clock }, onCommit);
  const seat = new PostgresFollowerSeat(databaseUrl);
  const loop = new FollowerLoop(projector, seat, clock, tellState('projection', log));
  return { gate, loop, store, archive: openArchive({ ...needs, onState: tellState('archive', log) }, companions) };
}

interface ReadsParts {
  readonly bus: LateBus;
  readonly gates: { readonly views: FollowerGate; readonly archive: FollowerGate };
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly config: ApiConfig;
}

/** What the doors read: views, the archive, and the log as it grows. */
function readsOf(pool: ReturnType<typeof openPool>, { bus, gates, clock, metrics, log, config }: ReadsParts) {
  const views = viewsOf(pool);
  const archive = new PostgresArchiveReader(pool);
  const eventReads = eventReadsOf({
    ...{ archive, log: bus.log, vms: views.vms, clock, maxFollowers: config.streamFollowers },
    gates,
    onTrouble: (trouble) => log.warn('clients do not hear of events as they happen', { trouble }),
    onUnreadable: (events) => metrics.unreadable('vm-history', events),
  });
  gaugeStreams(metrics, eventReads.followers);
  return { ...views, archive, eventReads };
}

/** The rows. */
function viewsOf(pool: ReturnType<typeof openPool>) {
  return {
    vms: new PostgresVmView(pool),
    nodes: new PostgresNodeView(pool),
    templates: new PostgresTemplateView(pool),
    access: new PostgresAccessView(pool, systemClock),
    groups: new PostgresSmallView(pool, 'group'),
    distributions: new PostgresSmallView(pool, 'distribution'),
    macPool: new PostgresSmallView(pool, 'macPool'),
    images: new PostgresSmallView(pool, 'image'),
  };
}

/** What tells of events, to whoever wants to hear of them. */
function flowsOf(
  { eventLog: { http, file } }: ApiConfig,
  centralLog: CentralLog,
  { metrics, ...parts }: Pick<EventLogParts, 'bus' | 'clock' | 'log'> & { readonly metrics: Metrics },
): RecordFlow[] {
  const receivers = [
    ...(http ? [httpReceiver(new HttpSink(http, parts.clock), http.quickRetries)] : []),
    ...(file ? [fileReceiver(centralLog)] : []),
  ];
  const onUnreadable = (events: number) => metrics.unreadable('event-log', events);
  const own = () => ({ holder: newId(), machineName: machineName() });
  return receivers.map((receiver) => flowTo(receiver, { ...parts, ...own(), onUnreadable }));
}

/** Tells the control plane what has been read, and so may be cut off the log. */
function placeMarks({ bus, clock, log, store, archive }: MarksParts): PlaceMarks {
  const readers = [
    { name: 'projection', position: async () => (await store.position()).sequence },
    { name: 'archive', position: async () => (await archive.store.head()).sequence },
  ];
  const onTrouble = (trouble: string) =>
    log.warn('how far the readers are is not written down beside the log', { trouble });
  return new PlaceMarks(readers, () => bus.now(), clock, onTrouble);
}

interface MarksParts {
  readonly bus: LateBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: PostgresProjectionStore;
  readonly archive: ReturnType<typeof openArchive>;
}

/** Sees to it that MAC addresses are given out, if this installation does that. */
function macKeeper(range: MacRange | undefined, ask: Ask, clock: Clock, log: Log) {
  const onTrouble = (trouble: string) => log.warn('the MAC addresses are not given out yet', { trouble });
  return range === undefined
    ? []
    : [{ run: (signal: AbortSignal) => keepMacPoolFilled(range, ask, clock, signal, onTrouble) }];
}

export type Assembly = ReturnType<typeof assemble>;

type Gates = Readonly<Record<'projection' | 'archive', FollowerGate>>;

function gaugesOf(metrics: Metrics, gates: Gates, seen: { readonly lastSequence: number }): void {
  metrics.gauge('muster_log_sequence', 'Last sequence of the log when it was last looked at.', () => seen.lastSequence);
  for (const [name, gate] of Object.entries(gates)) {
    const lag = () => Math.max(0, seen.lastSequence - gate.reachedSequence);
    metrics.gauge(`muster_${name}_sequence`, `Sequence that the ${name} has reached.`, () => gate.reachedSequence);
    metrics.gauge(`muster_${name}_lag_events`, `Events of the log that the ${name} does not have yet.`, lag);
  }
}

const tellState = (what: string, log: Log) => (state: FollowerState) => {
  const { name, message } = state;
  if (name === 'stopped') log.error(`the ${what} has stopped`, { reason: message });
  else if (name === 'retrying') log.warn(`the ${what} tries again`, { reason: message });
  else log.info(`the ${what}`, { state: name });
};

function tellPart(part: Part, wrong: string | undefined, log: Log): void {
  if (wrong === undefined) log.info('a part is available', { part });
  else log.warn('a part is away', { part, wrong });
}
