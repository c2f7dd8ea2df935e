import { schedulerConfig } from './scheduler.config.js';

const retentionOf = (env: Record<string, string>) =>
  schedulerConfig({ MUSTER_NATS_URL: 'nats://127.0.0.1:4222', ...env }).retention;

describe('the settings of retention', () => {
  it('keep everything unless something else is said, and look every ten minutes', () => {
    expect(retentionOf({})).toMatchObject({ eventsMs: undefined, commandsMs: undefined, lookMs: 600_000 });
  });

  it('are read as ages and as a duration', () => {
    const env = { MUSTER_EVENTS_RETENTION: '1d', MUSTER_RETENTION_INTERVAL: '1s' };
    expect(retentionOf(env)).toMatchObject({ eventsMs: 86_400_000, lookMs: 1000 });
  });

  it.each(['0', '999ms'])('do not let the log be looked at every %s', (interval) => {
    expect(() => retentionOf({ MUSTER_RETENTION_INTERVAL: interval })).toThrow(
      'MUSTER_RETENTION_INTERVAL: it must be at least 1000 ms',
    );
  });
});
