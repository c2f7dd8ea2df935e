import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Part } from './health-watch.js';

/** From a quick read to a command that waits for a failing-over control plane, seconds. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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

  constructor() {
    collectDefaultMetrics({ register: this.registry });
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

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
