import 'reflect-metadata';
import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AUTH, type Auth, NO_AUTH } from '../auth/auth.js';
import {
  NarrowedDistributions,
  NarrowedImages,
  NarrowedNodes,
  NarrowedTemplates,
  NarrowedVms,
} from '../auth/narrowed-views.js';
import { currentReach } from '../auth/reach.system.js';
import { guardDoors } from '../auth/doors.guard.js';
import { Ask } from '../commands/ask.js';
import { ErrorAnswers } from '../shell/error-answers.js';
import { HealthWatch, type Part, PARTS, type Probe } from '../shell/health-watch.js';
import { silentLog } from '../shell/log.js';
import { Metrics } from '../shell/metrics.system.js';
import { createAdapter, wireServer } from '../shell/server.module.js';
import { ShellFilter } from '../shell/shell.filter.js';
import {
  ACCESS_VIEW,
  BLOB_STORE,
  CENTRAL_LOG,
  CLOCK,
  DISTRIBUTION_VIEW,
  GROUP_VIEW,
  MAC_POOL_VIEW,
  IMAGE_VIEW,
  NODE_VIEW,
  TEMPLATE_VIEW,
  VM_VIEW,
} from '../tokens.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { Explainer } from '../vms/explainer.js';
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
    { provide: VM_VIEW, useValue: new NarrowedVms(house.vms, currentReach) },
    { provide: NODE_VIEW, useValue: new NarrowedNodes(house.nodes, currentReach) },
    { provide: TEMPLATE_VIEW, useValue: new NarrowedTemplates(house.templates, currentReach) },
    { provide: GROUP_VIEW, useValue: house.groups },
    { provide: DISTRIBUTION_VIEW, useValue: new NarrowedDistributions(house.distributions, currentReach) },
    { provide: MAC_POOL_VIEW, useValue: house.macPool },
    { provide: IMAGE_VIEW, useValue: new NarrowedImages(house.images, currentReach) },
    { provide: ACCESS_VIEW, useValue: house.access },
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
