import type { Clock } from '#events';
import type { Ask } from '../../commands/ask.js';
import { machineName } from '../../dialects/anka/event-log/host-name.system.js';
import { newChance, newId } from '../../ids.system.js';
import { openPool } from '../../projections/database.postgres.js';
import type { FollowerGate } from '../../projections/follower-gate.js';
import type { Log } from '../../shell/log.js';
import type { Metrics } from '../../shell/metrics.system.js';
import type { WebhookOutbox } from '../outbox.postgres.js';
import { compose } from './compose.js';
import { DeliveryEngine } from './delivery-engine.js';
import type { Sender } from './sender.js';
import type { Endpoint } from './store/delivery-store.js';
import { PostgresDeliveryStore } from './store/delivery-store.postgres.js';
import { wakeAsArchived } from './wake-as-archived.js';
import type { WebhookConfig } from './webhook.config.js';

/** One fetches, one writes down, one keeps the seats. */
const CONNECTIONS = 3;
/** Of the commands that the engine gives. */
const ACTOR = 'muster';

export interface DeliveryParts {
  readonly config: { readonly databaseUrl: string; readonly webhooks: WebhookConfig };
  readonly ask: Pick<Ask, 'command'>;
  /** Of the archive. */
  readonly gate: FollowerGate;
  readonly outbox: WebhookOutbox;
  /** Whoever made it closes it. */
  readonly sender: Sender;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What brings events to receivers. Its sessions wait for the disk: what was delivered is not delivered again after a crash. */
export function openDelivery({ config, ask, gate, outbox, sender, clock, metrics, log }: DeliveryParts) {
  const { retryScheduleMs, disableAfterMs } = config.webhooks;
  const pool = openPool(config.databaseUrl, CONNECTIONS);
  const host = machineName();
  const engine = new DeliveryEngine({
    store: new PostgresDeliveryStore(pool),
    sender,
    clock,
    chance: newChance,
    worker: newId(),
    rules: { retryScheduleMs, disableAfterMs },
    compose: (endpoint, events) => compose(endpoint, events, host, () => metrics.unreadable('webhooks', 1)),
    disable: (endpoint, epoch, reason) => disable(ask, log, endpoint, epoch, reason),
    meter: { attempt: ({ outcome, latencyMs }, events) => metrics.delivery(outcome, events, latencyMs) },
    onTrouble: (trouble) => log.warn('webhooks are not delivered as they should be', { trouble }),
  });
  outbox.onWake((ids) => engine.wake(ids));
  gaugesOf(metrics, engine);
  const woken = { run: (signal: AbortSignal) => wakeAsArchived(gate, clock, () => engine.wake(), signal) };
  return { engine, flows: [engine, woken], close: () => pool.end() };
}

async function disable(ask: Pick<Ask, 'command'>, log: Log, endpoint: Endpoint, epoch: number, reason: string) {
  const { id: webhookId, version: expected } = endpoint;
  const commandId = `disable-webhook:${webhookId}:${epoch}:${expected}`;
  const context = { actor: ACTOR, correlationId: commandId, commandId };
  const outcome = await ask.command({ type: 'DisableWebhook', webhookId, reason, expected }, context);
  log.warn('a webhook is disabled', { webhookId, reason, outcome: outcome.kind });
}

function gaugesOf(metrics: Pick<Metrics, 'gauge'>, engine: DeliveryEngine): void {
  const gauge = (name: string, help: string, read: () => number) => metrics.gauge(`muster_webhook_${name}`, help, read);
  gauge('seats', 'Webhooks that this process delivers to.', () => engine.endpoints);
  gauge('breakers_open', 'Webhooks of this process that only probes are sent to.', () => engine.openBreakers);
  gauge('oldest_due_seconds', 'Age of the oldest delivery of this process’s webhooks.', () => engine.oldestMs / 1000);
}
