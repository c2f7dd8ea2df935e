import { type Clock, systemClock } from '#events';
import type { ApiConfig } from './api.config.js';
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
import { newId } from './ids.system.js';
import { keepMacPoolFilled } from './mac-fill.js';
import type { MacRange } from './mac-range.js';
import { PostgresAccessView } from './projections/access-view.postgres.js';
import { MAX_CONNECTIONS, openPool } from './projections/database.postgres.js';
import { ProjectionGate } from './projections/projection-gate.js';
import { ProjectionLoop, type ProjectionState } from './projections/projection-loop.js';
import { PostgresProjectionStore } from './projections/projection-store.postgres.js';
import { type Projected, Projector } from './projections/projector.js';
import { PostgresProjectorSeat } from './projections/projector-seat.postgres.js';
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
  const gate = new ProjectionGate(clock);
  const bus = new LateBus(() => connectNatsBus(config.natsUrl, 'muster-api', log), clock);
  const store = new PostgresProjectionStore(pool, LIVE_SCHEMA);
  const onCommit = (projected: Projected): void => {
    gate.advance(projected.sequence);
    bus.announce(projected.sequence);
    loop.committed();
    metrics.batch(projected.events, clock.now() - (projected.eventTime ?? clock.now()));
  };
  const projector = new Projector({ log: bus.log, store, clock }, onCommit);
  const seat = new PostgresProjectorSeat(config.databaseUrl);
  const loop = new ProjectionLoop(projector, seat, clock, (state) => tellState(state, log));
  const seen = { lastSequence: 0 };
  const watch = new HealthWatch(probesOf({ bus, loop, gate, store }, seen), clock, (part, wrong) => {
    metrics.part(part, wrong === undefined);
    tellPart(part, wrong, log);
  });
  gaugesOf(metrics, gate, seen);
  const sweep = () => sweepBlobs(blobs, new PostgresBlobReferences(pool), bus.log, gate, clock);
  const closePools = () => pool.end();
  const ask = new Ask(bus.door, gate, clock, newId);
  const at = config.registryListen;
  const centralLog = new DiskCentralLog(config.centralLog.dir, config.centralLog, clock);
  const flows = [
    ...flowsOf(config, centralLog, { bus: () => bus.now(), clock, log }),
    ...macKeeper(config.macRange, ask, clock, log),
  ];
  const parts = { bus, loop, gate, watch, vitals, clock, log, flows, sweep, sweepEveryMs: SWEEP_EVERY_MS, closePools };
  return {
    ...{ clock, log, metrics, watch, vitals, blobs, centralLog, singleUse: bus.singleUse },
    registryListener: at && new SideListener({ name: REGISTRY, at, clock, log, graceMs: config.graceMs }),
    ...viewsOf(pool),
    ask,
    explainer: new Explainer(bus.explainDoor, gate),
    backbone: new Backbone(parts),
  };
}

/** What the doors read. */
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
  parts: Pick<EventLogParts, 'bus' | 'clock' | 'log'>,
): RecordFlow[] {
  const receivers = [
    ...(http ? [httpReceiver(new HttpSink(http, parts.clock), http.quickRetries)] : []),
    ...(file ? [fileReceiver(centralLog)] : []),
  ];
  return receivers.map((receiver) => flowTo(receiver, { ...parts, holder: newId(), machineName: machineName() }));
}

/** Sees to it that MAC addresses are given out, if this installation does that. */
function macKeeper(range: MacRange | undefined, ask: Ask, clock: Clock, log: Log) {
  const onTrouble = (trouble: string) => log.warn('the MAC addresses are not given out yet', { trouble });
  return range === undefined
    ? []
    : [{ run: (signal: AbortSignal) => keepMacPoolFilled(range, ask, clock, signal, onTrouble) }];
}

export type Assembly = ReturnType<typeof assemble>;

function gaugesOf(metrics: Metrics, gate: ProjectionGate, seen: { readonly lastSequence: number }): void {
  const lag = () => Math.max(0, seen.lastSequence - gate.reachedSequence);
  metrics.gauge('muster_projection_sequence', 'Sequence that the projection has reached.', () => gate.reachedSequence);
  metrics.gauge('muster_log_sequence', 'Last sequence of the log when it was last looked at.', () => seen.lastSequence);
  metrics.gauge('muster_projection_lag_events', 'Events of the log that are not yet projected.', lag);
}

function tellState({ name, message }: ProjectionState, log: Log): void {
  if (name === 'stopped') log.error('the projection has stopped', { reason: message });
  else if (name === 'retrying') log.warn('the projection tries again', { reason: message });
  else log.info('the projection', { state: name });
}

function tellPart(part: Part, wrong: string | undefined, log: Log): void {
  if (wrong === undefined) log.info('a part is available', { part });
  else log.warn('a part is away', { part, wrong });
}
