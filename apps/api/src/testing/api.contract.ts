import 'reflect-metadata';
import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AUTH, type Auth, NO_AUTH } from '../auth/auth.js';
import { guardDoors } from '../auth/doors.guard.js';
import { Ask } from '../commands/ask.js';
import { eventPorts } from '../events/event-reads.js';
import { ErrorAnswers } from '../shell/error-answers.js';
import { HealthWatch, type Part, PARTS, type Probe } from '../shell/health-watch.js';
import { silentLog } from '../shell/log.js';
import { Metrics } from '../shell/metrics.system.js';
import { createAdapter, wireServer } from '../shell/server.module.js';
import { ShellFilter } from '../shell/shell.filter.js';
import { ARCHIVE, BLOB_STORE, CENTRAL_LOG, CLOCK } from '../tokens.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { viewPorts } from '../view-ports.js';
import { Explainer } from '../vms/explainer.js';
import { WebhookDesk } from '../webhooks/webhook-desk.js';
import type { House } from './house.contract.js';

const metrics = new Metrics();
const well: Probe = async () => undefined;
const WELL = Object.fromEntries(PARTS.map((part) => [part, well])) as Record<Part, Probe>;

/**
 * The doors of one dialect in the real shell, over the house. Not listening: requests are injected. `furnish` may add to the
 * application before it has routes; nobody has to say who it is unless `auth` says so.
 */
export async function openDoors(
  house: House,
  dialect: Type,
  furnish: (app: NestFastifyApplication) => void = () => undefined,
  auth: Auth = NO_AUTH,
): Promise<NestFastifyApplication> {
  const errors = new ErrorAnswers();
  const ports = [
    { provide: Ask, useValue: house.ask },
    { provide: Explainer, useValue: house.explainer },
    { provide: NodeVitals, useValue: house.vitals },
    { provide: ErrorAnswers, useValue: errors },
    ...viewPorts(house),
    { provide: ARCHIVE, useValue: house.archive },
    ...eventPorts(house.eventReads),
    { provide: WebhookDesk, useValue: house.webhooks },
    { provide: BLOB_STORE, useValue: house.blobs },
    { provide: CENTRAL_LOG, useValue: house.centralLog },
    { provide: AUTH, useValue: auth },
    { provide: CLOCK, useValue: house.clock },
    { provide: HealthWatch, useValue: new HealthWatch(WELL, house.clock) },
  ];
  @Global()
  @Module({ providers: ports, exports: ports.map(({ provide }) => provide) })
  class Ports {}

  const tested = await Test.createTestingModule({ imports: [Ports, dialect] }).compile();
  const adapter = createAdapter();
  const app = tested.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false, logger: false });
  let requests = 0;
  wireServer(adapter.getInstance(), { log: silentLog, metrics, newId: () => `request-${++requests}` });
  guardDoors(adapter.getInstance(), auth, silentLog);
  app.useGlobalFilters(new ShellFilter(errors, silentLog));
  furnish(app);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
