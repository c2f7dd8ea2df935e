import { type Environment, parseDuration, readSettings } from '#events';
import { AddressPolicy } from './guard/address-policy.js';
import { readDnsServers } from './guard/dns-servers.js';
import { readPorts, type ReceiverRules } from './guard/url-policy.js';

/** Steps of a retry schedule at most: each is noted on the row of its delivery, and a receiver has had its chances by then. */
const MAX_RETRIES = 50;

/** What an operator may set about webhooks. */
export interface WebhookConfig {
  readonly receivers: ReceiverRules;
  /** Who is asked for their addresses; undefined: whom the system asks. */
  readonly dnsServers: readonly string[] | undefined;
  /** How long after each failed attempt the next one follows, ms. */
  readonly retryScheduleMs: readonly number[];
  /** How long a receiver may fail all the time until it is disabled, ms; 0: for ever. */
  readonly disableAfterMs: number;
  /** How long attempts are remembered, ms. */
  readonly keepAttemptsMs: number;
}

/** Throws when a list cannot be read, saying which. */
export function readWebhookConfig(env: Environment = process.env): WebhookConfig {
  const settings = readSettings(env, [
    'MUSTER_WEBHOOK_ALLOW_HTTP',
    'MUSTER_WEBHOOK_PORTS',
    'MUSTER_WEBHOOK_ALLOW_CIDRS',
    'MUSTER_WEBHOOK_DNS_SERVERS',
    'MUSTER_WEBHOOK_RETRY_SCHEDULE',
    'MUSTER_WEBHOOK_DISABLE_AFTER',
    'MUSTER_WEBHOOK_KEEP_ATTEMPTS',
  ]);
  const allowCidrs = (settings.MUSTER_WEBHOOK_ALLOW_CIDRS ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const dns = settings.MUSTER_WEBHOOK_DNS_SERVERS;
  const ports = named('MUSTER_WEBHOOK_PORTS', () => readPorts(settings.MUSTER_WEBHOOK_PORTS));
  named('MUSTER_WEBHOOK_ALLOW_CIDRS', () => new AddressPolicy(allowCidrs));
  return {
    receivers: { allowCidrs, ports, allowHttp: settings.MUSTER_WEBHOOK_ALLOW_HTTP },
    dnsServers: dns === undefined ? undefined : named('MUSTER_WEBHOOK_DNS_SERVERS', () => readDnsServers(dns)),
    retryScheduleMs: named('MUSTER_WEBHOOK_RETRY_SCHEDULE', () => readSchedule(settings.MUSTER_WEBHOOK_RETRY_SCHEDULE)),
    disableAfterMs: settings.MUSTER_WEBHOOK_DISABLE_AFTER,
    keepAttemptsMs: settings.MUSTER_WEBHOOK_KEEP_ATTEMPTS,
  };
}

function readSchedule(text: string): number[] {
  const steps = text.split(',').map((part) => parseDuration(part.trim()));
  if (steps.length > MAX_RETRIES || steps.includes(undefined))
    throw new Error(`"${text}" must be at most ${MAX_RETRIES} durations with commas between them, as 5s,5m,2h`);
  return steps.filter((step) => step !== undefined);
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`Cannot read setting ${name}: ${(cause as Error).message}`, { cause });
  }
}
