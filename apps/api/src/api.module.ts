import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './api.config.js';
import type { Auth } from './auth/auth.js';
import type { Assembly } from './assembly.postgres.js';
import { BlobModule } from './blobs/blob.module.js';
import { AnkaModule } from './dialects/anka/anka.module.js';
import { AnkaRegistryModule } from './dialects/anka/registry/registry.module.js';
import { EventsModule } from './events/events.module.js';
import { PermissionGroupsModule } from './permission-groups/permission-groups.module.js';
import { PortsModule } from './ports.module.js';
import { SchemasModule } from './schemas/schemas.module.js';
import { ShellModule } from './shell/shell.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { VmsModule } from './vms/vms.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The API: doors of several dialects over the same commands and views. */
@Module({})
export class ApiModule {
  static of(config: ApiConfig, assembly: Assembly, auth: Auth): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PortsModule.of(assembly, auth),
        ShellModule.of(config.graceMs),
        BlobModule,
        TemplatesModule,
        VmsModule,
        EventsModule,
        PermissionGroupsModule,
        WebhooksModule,
        SchemasModule,
        AnkaModule,
        AnkaRegistryModule,
      ],
    };
  }
}
