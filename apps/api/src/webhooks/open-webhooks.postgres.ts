import type { Clock } from '#events';
import type { ArchiveReader } from '../archive/archive-reader.js';
import type { Ask, ReadGate } from '../commands/ask.js';
import { machineName } from '../dialects/anka/event-log/host-name.system.js';
import { openPool } from '../projections/database.postgres.js';
import type { Log } from '../shell/log.js';
import type { Metrics } from '../shell/metrics.system.js';
import { GuardedDial } from './delivery/guard/guarded-dial.driver.js';
import { systemResolve } from './delivery/guard/resolve.driver.js';
import { UrlPolicy } from './delivery/guard/url-policy.js';
import { HttpSender } from './delivery/http-sender.http.js';
import type { WebhookConfig } from './delivery/webhook.config.js';
import { newSecret } from './new-secret.system.js';
import type { WebhookOutbox } from './outbox.postgres.js';
import { sweepWebhooks } from './sweep.postgres.js';
import { WebhookDesk } from './webhook-desk.js';
import { WebhookKeeper } from './webhook-keeper.js';
import type { Totals } from './webhook-store.js';
import { PostgresWebhookStore } from './webhook-store.postgres.js';

/** Connections of one process for all that is about webhooks but deliveries. */
const MAX_CONNECTIONS = 4;

export interface WebhooksParts {
  readonly config: {
    readonly databaseUrl: string;
    readonly webhooks: Pick<WebhookConfig, 'receivers' | 'dnsServers' | 'keepAttemptsMs'>;
  };
  readonly archive: ArchiveReader;
  readonly ask: Ask;
  /** Of the archive: what it has reached, the outbox has seen. */
  readonly gate: ReadGate;
  readonly outbox: WebhookOutbox;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'gauge'>;
  readonly log: Log;
}

/**
 * Everything about webhooks but deliveries, which go out by the same sender as pings. Its sessions wait for the disk: what was queued is never queued
 * again.
 */
export function openWebhooks({ config, archive, ask, gate, outbox, clock, metrics, log }: WebhooksParts) {
  const pool = openPool(config.databaseUrl, MAX_CONNECTIONS);
  const policy = new UrlPolicy(config.webhooks.receivers);
  const resolve = systemResolve(config.webhooks.dnsServers);
  const dial = new GuardedDial({ addresses: policy.addresses, resolve, clock });
  const sender = new HttpSender({ urls: policy, dial, clock });
  const store = new PostgresWebhookStore(pool);
  const { wake } = outbox;
  const onTrouble = (trouble: string) => log.warn('webhooks are not seen to', { trouble });
  const sweep = () => sweepWebhooks(pool, { now: clock.now(), keepMs: config.webhooks.keepAttemptsMs });
  const keeper = new WebhookKeeper({ store, archive, clock, sweep, wake, onTrouble });
  gaugesOf(metrics, keeper);
  return {
    desk: new WebhookDesk({
      store,
      archive,
      ask,
      gate,
      sender,
      policy,
      clock,
      newSecret,
      machineName: machineName(),
      wake,
    }),
    keeper,
    sender,
    close: async () => {
      sender.close();
      await pool.end();
    },
  };
}

function gaugesOf(metrics: Pick<Metrics, 'gauge'>, keeper: WebhookKeeper): void {
  const gauge = (name: string, help: string, total: keyof Totals) =>
    metrics.gauge(`muster_webhook${name}`, help, () => keeper.totals[total]);
  gauge('_deliveries_due', 'Deliveries that are not taken yet, of all webhooks.', 'due');
  gauge('_deliveries_dead', 'Deliveries that were given up, of all webhooks.', 'dead');
  gauge('s_enabled', 'Webhooks that get events.', 'enabled');
  gauge('s_disabled', 'Webhooks that get none, because an operator or failures ended it.', 'disabled');
  gauge('s_behind', 'Webhooks for which events are still to be taken from the archive.', 'gaps');
}
