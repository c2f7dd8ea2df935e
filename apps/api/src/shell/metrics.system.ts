import { collectDefaultMetrics, Counter, Gauge, Histogram, register as ofProcess, Registry } from 'prom-client';
import type { Part } from './health-watch.js';

/** From a quick read to a command that waits for a failing-over control plane, seconds. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Adds what Node says of the process to all that Prometheus is told. Its hooks stay for as long as the process lives, so only whoever
 * runs as a process calls this; a second call does nothing.
 */
export function collectOfProcess(): void {
  if (ofProcess.getMetricsAsArray().length === 0) collectDefaultMetrics();
}

/** Who decodes events, and passes over those that this build cannot read. */
const DECODERS = ['projection', 'event-log', 'webhooks', 'vm-history'] as const;
export type DecodesEvents = (typeof DECODERS)[number];

/** What Prometheus is told. Labels never hold ids. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'muster_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [this.registry],
  });
  private readonly parts = new Gauge({
    name: 'muster_part_available',
    help: 'Whether a part that the API needs is available.',
    labelNames: ['part'],
    registers: [this.registry],
  });
  private readonly projected = new Counter({
    name: 'muster_projection_events_total',
    help: 'Events that this process has projected.',
    registers: [this.registry],
  });
  private readonly delay = new Gauge({
    name: 'muster_projection_delay_seconds',
    help: 'Age of the newest event in the last projected batch when it was committed.',
    registers: [this.registry],
  });

  private readonly archived = new Counter({
    name: 'muster_archive_events_total',
    help: 'Events that this process has archived.',
    registers: [this.registry],
  });
  private readonly archiveDelay = new Gauge({
    name: 'muster_archive_delay_seconds',
    help: 'Age of the newest event in the last archived batch when it was committed.',
    registers: [this.registry],
  });

  private readonly unread = new Counter({
    name: 'muster_events_unreadable_total',
    help: 'Events that were passed over because this build cannot read them: their type or version is of a newer one.',
    labelNames: ['follower'],
    registers: [this.registry],
  });
  private readonly deliveries = new Counter({
    name: 'muster_webhook_events_total',
    help: 'Events that were sent to webhooks, by what came of it.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  private readonly attempts = new Histogram({
    name: 'muster_webhook_attempt_duration_seconds',
    help: 'Duration of requests to the receivers of webhooks.',
    labelNames: ['outcome'],
    buckets: BUCKETS_S,
    registers: [this.registry],
  });

  constructor() {
    for (const follower of DECODERS) this.unreadable(follower, 0);
  }

  request(method: string, route: string, status: number, durationMs: number): void {
    this.requests.observe({ method, route, status: String(status) }, durationMs / 1000);
  }

  part(part: Part, available: boolean): void {
    this.parts.set({ part }, available ? 1 : 0);
  }

  /** `delayMs`: from the newest event's time to its commit. */
  batch(events: number, delayMs: number): void {
    this.projected.inc(events);
    this.delay.set(Math.max(0, delayMs) / 1000);
  }

  /** The same of a batch of the archive. */
  archivedBatch(events: number, delayMs: number): void {
    this.archived.inc(events);
    this.archiveDelay.set(Math.max(0, delayMs) / 1000);
  }

  /** So many events were passed over. */
  unreadable(follower: DecodesEvents, events: number): void {
    this.unread.inc({ follower }, events);
  }

  /** One request to a receiver. */
  delivery(outcome: 'delivered' | 'failed' | 'refused', events: number, latencyMs: number): void {
    this.deliveries.inc({ outcome }, events);
    this.attempts.observe({ outcome }, latencyMs / 1000);
  }

  /** Adds a gauge that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Adds a counter that is read when somebody asks; `read` never goes back. */
  counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return Registry.merge([this.registry, ofProcess]).metrics();
  }
}
