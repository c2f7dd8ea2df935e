import 'reflect-metadata';
import { hostname } from 'node:os';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { completeEnvironment, logFormat, systemClock, Unavailable } from '#events';
import {
  CoreExplainDesk,
  ensureStreams,
  JetStreamBookmarks,
  JetStreamCommandQueue,
  JetStreamDesiredState,
  JetStreamEventLog,
  JetStreamLease,
  JetStreamLogKeeper,
  NatsLink,
  serversOf,
} from '#events/jetstream';
import { ControlPlane } from './control-plane/control-plane.js';
import { NodeWatch } from './control-plane/node-watch.js';
import { serveHealth } from './health.http.js';
import { logged } from './log-observer.js';
import { measured } from './metrics.js';
import { schedulerConfig } from './scheduler.config.js';
import { SchedulerModule } from './scheduler.module.js';

/** Pause between attempts to reach NATS at the start, ms. */
const RETRY_MS = 500;

const config = schedulerConfig(completeEnvironment(process.env, process.argv.slice(2)));
const logger = pino({ level: config.logLevel, ...logFormat('scheduler') });
const link = await patiently(() => openLink(config.natsUrl, logger));

const nodeWatch = new NodeWatch(systemClock);
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const controlPlane: ControlPlane = new ControlPlane({
  commands: new JetStreamCommandQueue(link),
  log: new JetStreamEventLog(link),
  desired: new JetStreamDesiredState(link),
  explainDesk: new CoreExplainDesk(link),
  lease: new JetStreamLease(link),
  clock: systemClock,
  nodeWatch,
  policy: config.policy,
  upkeep: {
    keeper: new JetStreamLogKeeper(link),
    bookmarks: new JetStreamBookmarks(link),
    retention: config.retention,
  },
  observer: measured(registry, () => controlPlane, logged(logger)),
  instanceId: `${hostname()}-${process.pid}-${systemClock.now().toString(36)}`,
});
const health =
  config.listen && serveHealth(config.listen, registry, () => (link.isConnected ? undefined : 'nats: not connected'));

const { shown: _shown, ...servers } = serversOf(config.natsUrl);
const heartbeats = await NestFactory.createMicroservice(SchedulerModule.with(nodeWatch), {
  transport: Transport.NATS,
  options: { ...servers, name: 'muster-scheduler-heartbeats', maxReconnectAttempts: -1 },
  logger: new ConsoleLogger({ json: true, logLevels: ['warn', 'error', 'fatal'] }),
});
await heartbeats.listen();
controlPlane.start();
logger.info('the control plane follows the log');

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
await link.closed;
if (!stopping) {
  logger.fatal('the NATS connection is closed for good');
  process.exit(1);
}

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  logger.info({ signal }, 'stopping');
  await controlPlane.stop();
  await heartbeats.close();
  health?.close();
  await link.close();
  process.exit(0);
}

async function openLink(url: string, log: Logger): Promise<NatsLink> {
  const opened = await NatsLink.connect({
    url,
    name: 'muster-scheduler',
    onStatus: ({ level, message }) => log[level](message),
  });
  await ensureStreams(opened);
  return opened;
}

/** NATS may start later than we do. Anything but its absence is for the operator to mend. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      logger.warn({ err: error }, 'waiting for NATS');
      await systemClock.sleep(RETRY_MS);
    }
  }
}
