import 'reflect-metadata';
import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import { type Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { CoreHeartbeats, JetStreamCommandQueue, JetStreamDesiredState, NatsLink } from '#events/jetstream';
import { agentInbox, completeEnvironment, systemClock, Unavailable } from '#events';
import { DEFAULT_OPTIONS } from './agent/options.js';
import { type AgentConfig, agentConfig } from './agent.config.js';
import { AgentModule, Ending } from './agent.module.js';
import { Fleet, type NodePlan } from './fleet.js';
import { SampledHostGauge } from './host/host-gauge.driver.js';
import { prepareNodeDir, rememberedNodeId } from './host/node-id.driver.js';
import { chance, randomHex } from './host/random.system.js';
import { realNode, simulatedNodes, withDisk } from './node-plans.js';
import { serveHealth } from './observe/health.http.js';
import { logged } from './observe/log-observer.js';
import { openLog } from './observe/log.system.js';
import { gauged, measured } from './observe/metrics.system.js';
import { nestLog } from './observe/nest-log.js';
import { HttpLayerSink } from './images/layer-sink.http.js';
import { HttpScriptSource } from './scripts/script-source.http.js';

const ID_SUFFIX_BYTES = 3;
const BOOT_ID_BYTES = 6;
/** Pause between attempts to reach NATS at the start. */
const CONNECT_PAUSE_MS = 1_000;
/** On a host that only pretends, nobody has to wait for his turn. */
const SIMULATED_BOOTS_AT_ONCE = 10_000;

const config = agentConfig(completeEnvironment(process.env, process.argv.slice(2)));
const log = openLog(config.logLevel);
process.on('uncaughtException', die).on('unhandledRejection', die);
await run().catch(die);

async function run(): Promise<void> {
  const { nodeDir, listen, graceMs } = config;
  await prepareNodeDir(nodeDir);
  const nodeId = await rememberedNodeId(nodeDir, config.nodeId, randomHex(ID_SUFFIX_BYTES));
  const plans = await plansFor(config, nodeId, log);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const observer = measured(registry, logged(log));
  const gauge = new SampledHostGauge(nodeDir, (cause) => observer.fault('measure the disk', nodeId, cause));
  await gauge.start(config.heartbeatMs);
  const link = await connected(nodeId);
  const fleet = new Fleet(
    config.driver === 'simulated' ? plans : plans.map((plan) => withDisk(plan, gauge.read().diskBytes)),
    randomHex(BOOT_ID_BYTES),
    {
      clock: systemClock,
      queue: new JetStreamCommandQueue(link),
      desired: new JetStreamDesiredState(link),
      heartbeats: new CoreHeartbeats(link),
      scripts: new HttpScriptSource(config.api),
      layers: new HttpLayerSink(config.api, systemClock),
      gauge,
      observer,
    },
    {
      ...DEFAULT_OPTIONS,
      heartbeatMs: config.heartbeatMs,
      readyLimitMs: config.readyLimitMs,
      unknownVmThreshold: config.unknownVmThreshold,
      ...(config.driver === 'simulated' && { bootsAtOnce: SIMULATED_BOOTS_AT_ONCE }),
    },
  );
  gauged(registry, () => fleet.figures);
  const health = listen && (await serveHealth(listen, registry, () => unready(link, fleet)));
  const module = AgentModule.with(fleet, new Ending(graceMs, die));
  const app = await NestFactory.createApplicationContext(module, { logger: nestLog(log) });
  log.info({ nodeId, nodes: plans.length, facts: plans[0]?.facts }, 'the node agent runs');

  const why = await Promise.race([
    signalled(),
    link.closed.then(() => new Error('NATS closed the connection for good')),
  ]);
  if (why instanceof Error) throw why;
  log.info({ signal: why, graceMs }, 'the node agent stops; its VMs go on');
  health?.close();
  await app.close();
  await link.close();
  process.exit(0);
}

/** Resolves with the name of the signal that asks the process to end. */
async function signalled(): Promise<string> {
  return Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal).then(() => signal)));
}

function plansFor({ driver }: AgentConfig, nodeId: string, logger: Logger): Promise<NodePlan[]> {
  if (driver === 'simulated') return simulatedNodes(config, nodeId, systemClock, chance);
  return realNode(config, nodeId, systemClock, (line) => logger.info({ nodeId }, line)).then((plan) => [plan]);
}

/** Tries until NATS is there: hosts and servers come up in any order. */
async function connected(nodeId: string): Promise<NatsLink> {
  for (;;) {
    try {
      return await NatsLink.connect({
        url: config.natsUrl,
        name: `node-agent ${nodeId}`,
        inboxPrefix: agentInbox(nodeId),
        onStatus: ({ level, message }) => log[level]({ nodeId }, message),
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ nodeId, err: error }, 'could not connect to NATS');
      await systemClock.sleep(CONNECT_PAUSE_MS);
    }
  }
}

function unready(link: NatsLink, fleet: Fleet): string | undefined {
  return link.isConnected ? fleet.unready : 'NATS is away';
}

function die(cause: unknown): void {
  log.fatal({ err: cause }, 'the node agent cannot go on');
  process.exit(1);
}
