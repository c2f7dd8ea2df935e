import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardDoors } from './auth/doors.guard.js';
import { openAuth } from './auth/open-auth.driver.js';
import type { ApiConfig } from './api.config.js';
import { ApiModule } from './api.module.js';
import { assemble } from './assembly.postgres.js';
import { newId } from './ids.system.js';
import { serveOpenApi } from './openapi/openapi.module.js';
import type { Log } from './shell/log.js';
import { serveMetrics } from './shell/metrics-listener.http.js';
import { collectOfProcess } from './shell/metrics.system.js';
import { nestLog } from './shell/nest-log.js';
import { createAdapter, wireServer } from './shell/server.module.js';
import { tlsOptions } from './shell/tls-options.driver.js';

export interface RunningApi {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** Where metrics are served beside the API; undefined when they are not. */
  readonly metricsPort: number | undefined;
  /** Where the registry's own routes are served; undefined when they are not. */
  readonly registryUrl: string | undefined;
  /** Ends it gracefully. */
  stop(): Promise<void>;
}

/** Starts the API. It listens at once, and says 503 until NATS, Postgres and a control plane are there. */
export async function startApi(config: ApiConfig, log: Log): Promise<RunningApi> {
  const tls = config.tls && tlsOptions(config.tls, config.auth?.authoritiesFile);
  const assembly = assemble(config, log);
  collectOfProcess();
  const auth = await openAuth(config.auth, assembly);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.of(config, assembly, auth),
    createAdapter(tls),
    {
      logger: nestLog(log),
      bodyParser: false,
      abortOnError: false,
    },
  );
  wireServer(app.getHttpAdapter().getInstance(), { log, metrics: assembly.metrics, newId });
  guardDoors(app.getHttpAdapter().getInstance(), auth, log);
  serveOpenApi(app);
  const registry = assembly.registryListener;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', () => registry?.closed());
  const metrics = config.metrics && (await serveMetrics(assembly.metrics, config.metrics.port, config.metrics.path));
  await app.listen(config.listen.port, config.listen.host);
  await registry?.open(app.getHttpServer(), tls);
  const url = await app.getUrl();
  log.info('the API listens', { url, metricsPort: metrics?.port });
  const stop = async (): Promise<void> => {
    await app.close();
    await metrics?.close();
  };
  const registryUrl = registry?.address && `${registry.scheme}://${registry.address.host}:${registry.address.port}`;
  return { app, url, metricsPort: metrics?.port, registryUrl, stop };
}
