import { join } from 'node:path';
import { assertKnownSettings, type Environment, type ListenAddress, readSettings, requireSettings } from '#events';
import { type LogConfig, readLogConfig } from './dialects/anka/log.config.js';
import { type MacRange, readMacRange } from './mac-range.js';
import { readWebhookConfig, type WebhookConfig } from './webhooks/delivery/webhook.config.js';
import { type AuthConfig, readAuthConfig } from './auth/auth.config.js';
import { readTlsConfig, type TlsConfig } from './shell/tls.config.js';
import type { LogLevel } from './shell/log.system.js';

/** What an operator may set about this process. */
export interface ApiConfig extends LogConfig {
  readonly listen: ListenAddress;
  /** Where the registry's own routes are served; absent: nowhere. */
  readonly registryListen?: ListenAddress;
  readonly natsUrl: string;
  /** Secret. */
  readonly databaseUrl: string;
  readonly blobDir: string;
  /** Undefined: nobody has to say who it is. */
  readonly auth?: AuthConfig;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsConfig;
  /** Undefined: archived events are kept for ever. */
  readonly archiveRetentionMs: number | undefined;
  readonly graceMs: number;
  /** Clients that may follow the log through this process at once. */
  readonly streamFollowers: number;
  readonly logLevel: LogLevel;
  /** A listener for metrics alone, beside `/metrics` of the API itself. */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** MAC addresses that are given out; absent: they are not managed. */
  readonly macRange?: MacRange;
  /** Where webhooks may be sent, and how long it is tried. */
  readonly webhooks: WebhookConfig;
  /** Names of the environment that mean something to Anka Build Cloud and nothing here. */
  readonly ignoredSettings: readonly string[];
}

/** Throws one error that lists everything that is misspelt, unreadable or missing. */
export function readApiConfig(env: Environment = process.env): ApiConfig {
  const ignoredSettings = assertKnownSettings(env);
  const needed = requireSettings(env, ['MUSTER_NATS_URL', 'MUSTER_DATABASE_URL']);
  const settings = readSettings(env, [
    'MUSTER_HOME',
    'MUSTER_LISTEN',
    'MUSTER_REGISTRY_LISTEN',
    'ANKA_RUN_REGISTRY',
    'MUSTER_BLOB_DIR',
    'MUSTER_ARCHIVE_RETENTION',
    'MUSTER_STREAM_FOLLOWERS',
    'MUSTER_LOG_LEVEL',
    'ANKA_GRACEFUL_SHUTDOWN_TIMEOUT',
    'ANKA_ENABLE_METRICS',
    'ANKA_METRICS_PORT',
    'ANKA_METRICS_PATH',
  ]);
  const auth = readAuthConfig(env);
  const tls = readTlsConfig(env);
  const { ANKA_METRICS_PORT: port, ANKA_METRICS_PATH: path } = settings;
  const macRange = readMacRange(env);
  return {
    ...(macRange && { macRange }),
    listen: settings.MUSTER_LISTEN,
    ...(settings.ANKA_RUN_REGISTRY && { registryListen: settings.MUSTER_REGISTRY_LISTEN }),
    natsUrl: needed.MUSTER_NATS_URL,
    databaseUrl: needed.MUSTER_DATABASE_URL,
    blobDir: settings.MUSTER_BLOB_DIR ?? join(settings.MUSTER_HOME, 'blobs'),
    archiveRetentionMs: settings.MUSTER_ARCHIVE_RETENTION,
    ...(auth && { auth }),
    ...(tls && { tls }),
    graceMs: settings.ANKA_GRACEFUL_SHUTDOWN_TIMEOUT,
    streamFollowers: settings.MUSTER_STREAM_FOLLOWERS,
    logLevel: settings.MUSTER_LOG_LEVEL,
    ...(settings.ANKA_ENABLE_METRICS && { metrics: { port, path } }),
    ...readLogConfig(env),
    webhooks: readWebhookConfig(env),
    ignoredSettings,
  };
}
