import { Metrics } from './metrics.system.js';

describe('metrics', () => {
  it('tell of events that were passed over, by who did, from the beginning', async () => {
    const metrics = new Metrics();
    metrics.unreadable('projection', 2);
    metrics.unreadable('projection', 1);
    const lines = (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('muster_events_unreadable_total'));
    expect(lines).toEqual([
      'muster_events_unreadable_total{follower="projection"} 3',
      'muster_events_unreadable_total{follower="event-log"} 0',
      'muster_events_unreadable_total{follower="webhooks"} 0',
      'muster_events_unreadable_total{follower="vm-history"} 0',
    ]);
  });
});
