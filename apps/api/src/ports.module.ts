import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AUTH, type Auth } from './auth/auth.js';
import type { Assembly } from './assembly.postgres.js';
import { Backbone } from './backbone.js';
import { Ask } from './commands/ask.js';
import { eventPorts } from './events/event-reads.js';
import { ErrorAnswers } from './shell/error-answers.js';
import { HealthWatch } from './shell/health-watch.js';
import { Metrics } from './shell/metrics.system.js';
import { ARCHIVE, BLOB_STORE, CENTRAL_LOG, CLOCK, LOG, REGISTRY_LISTENER } from './tokens.js';
import { NodeVitals } from './vitals/node-vitals.js';
import { viewPorts } from './view-ports.js';
import { Explainer } from './vms/explainer.js';
import { WebhookDesk } from './webhooks/webhook-desk.js';

/** What the doors stand on, under the tokens by which they ask for it. */
@Global()
@Module({})
export class PortsModule {
  static of(assembly: Assembly, auth: Auth): DynamicModule {
    const offered = [
      { provide: AUTH, useValue: auth },
      { provide: CLOCK, useValue: assembly.clock },
      { provide: LOG, useValue: assembly.log },
      ...viewPorts(assembly),
      { provide: ARCHIVE, useValue: assembly.archive },
      ...eventPorts(assembly.eventReads),
      { provide: BLOB_STORE, useValue: assembly.blobs },
      { provide: CENTRAL_LOG, useValue: assembly.centralLog },
      { provide: Ask, useValue: assembly.ask },
      { provide: Explainer, useValue: assembly.explainer },
      { provide: WebhookDesk, useValue: assembly.webhooks.desk },
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
