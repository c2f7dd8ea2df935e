import type { Metrics } from '../../shell/metrics.system.js';
import type { Followers } from './followers.js';

/** What those who run us are told of the streams. */
export function gaugeStreams(metrics: Metrics, followers: Followers): void {
  metrics.gauge('muster_stream_followers', 'Clients that follow the log through this process.', () => followers.count);
  metrics.gauge(
    'muster_stream_lag_events',
    'Events that the client who is furthest behind has before it.',
    () => followers.lag,
  );
  metrics.counter(
    'muster_stream_events_total',
    'Events sent to clients that follow, each client counted.',
    () => followers.sentEvents,
  );
}
