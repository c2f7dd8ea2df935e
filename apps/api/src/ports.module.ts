import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AUTH, type Auth } from './auth/auth.js';
import {
  NarrowedDistributions,
  NarrowedImages,
  NarrowedNodes,
  NarrowedTemplates,
  NarrowedVms,
} from './auth/narrowed-views.js';
import { currentReach } from './auth/reach.system.js';
import type { Assembly } from './assembly.postgres.js';
import { Backbone } from './backbone.js';
import { Ask } from './commands/ask.js';
import { ErrorAnswers } from './shell/error-answers.js';
import { HealthWatch } from './shell/health-watch.js';
import { Metrics } from './shell/metrics.system.js';
import {
  ACCESS_VIEW,
  BLOB_STORE,
  CENTRAL_LOG,
  CLOCK,
  DISTRIBUTION_VIEW,
  GROUP_VIEW,
  MAC_POOL_VIEW,
  IMAGE_VIEW,
  LOG,
  NODE_VIEW,
  REGISTRY_LISTENER,
  TEMPLATE_VIEW,
  VM_VIEW,
} from './tokens.js';
import { NodeVitals } from './vitals/node-vitals.js';
import { Explainer } from './vms/explainer.js';

/** What the doors stand on, under the tokens by which they ask for it. */
@Global()
@Module({})
export class PortsModule {
  static of(assembly: Assembly, auth: Auth): DynamicModule {
    const offered = [
      { provide: AUTH, useValue: auth },
      { provide: CLOCK, useValue: assembly.clock },
      { provide: LOG, useValue: assembly.log },
      { provide: VM_VIEW, useValue: new NarrowedVms(assembly.vms, currentReach) },
      { provide: NODE_VIEW, useValue: new NarrowedNodes(assembly.nodes, currentReach) },
      { provide: TEMPLATE_VIEW, useValue: new NarrowedTemplates(assembly.templates, currentReach) },
      { provide: ACCESS_VIEW, useValue: assembly.access },
      { provide: GROUP_VIEW, useValue: assembly.groups },
      { provide: DISTRIBUTION_VIEW, useValue: new NarrowedDistributions(assembly.distributions, currentReach) },
      { provide: MAC_POOL_VIEW, useValue: assembly.macPool },
      { provide: IMAGE_VIEW, useValue: new NarrowedImages(assembly.images, currentReach) },
      { provide: BLOB_STORE, useValue: assembly.blobs },
      { provide: CENTRAL_LOG, useValue: assembly.centralLog },
      { provide: Ask, useValue: assembly.ask },
      { provide: Explainer, useValue: assembly.explainer },
      { provide: NodeVitals, useValue: assembly.vitals },
      { provide: HealthWatch, useValue: assembly.watch },
      { provide: Metrics, useValue: assembly.metrics },
      { provide: ErrorAnswers, useValue: new ErrorAnswers() },
    ];
    // Factories, because Nest calls the lifecycle hooks of what it made, not of values.
    const backbone = { provide: Backbone, useFactory: () => assembly.backbone };
    const listener = { provide: REGISTRY_LISTENER, useFactory: () => assembly.registryListener };
    return {
      module: PortsModule,
      providers: [...offered, backbone, listener],
      exports: [...offered.map(({ provide }) => provide), REGISTRY_LISTENER],
    };
  }
}
