import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { AnkaRegistryModule } from '../dialects/anka/registry/registry.module.js';
import { RELEASE } from '../dialects/anka/version.js';
import { EventsModule } from '../events/events.module.js';
import { PermissionGroupsModule } from '../permission-groups/permission-groups.module.js';
import { SchemasModule } from '../schemas/schemas.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { VmsModule } from '../vms/vms.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';

/** What our own API, /api/v2, is made of. */
export const OWN_MODULES: readonly Type[] = [
  EventsModule,
  VmsModule,
  TemplatesModule,
  PermissionGroupsModule,
  SchemasModule,
  WebhooksModule,
];

/** Where the document of our own API is served. */
export const OWN_DOCUMENT_PATH = '/openapi/muster.json';

/** Where the document of the Anka routes is served. */
export const ANKA_DOCUMENT_PATH = '/openapi/anka.json';
/** The same for the registry's own routes, which answer on a listener of their own. */
export const ANKA_REGISTRY_DOCUMENT_PATH = '/openapi/anka-registry.json';
/** Where people read it. */
export const DOCS_PATH = '/docs';

const DESCRIPTION = [
  'The REST API of the Anka Build Cloud controller, as Muster speaks it.',
  'Every success is 200. Bodies are read as JSON whatever their content type says, on DELETE as well; unknown fields are ignored, empty',
  'texts and nulls count as absent, whole numbers may be written as text.',
].join(' ');

const REGISTRY_DESCRIPTION = [
  'The REST API of the Anka Build Cloud registry, as Muster speaks it: on a port of its own, set by MUSTER_REGISTRY_LISTEN.',
  'Bodies and answers are as in the API of the controller.',
].join(' ');

const OWN_DESCRIPTION = [
  'The API of Muster itself, beside the dialects. Lists come in pages: `next` of one page is the `cursor` of the following one.',
  'Whatever is not a success is a problem (RFC 9457). Times are RFC 3339. What a client was told of, it can read: questions wait for it.',
].join(' ');

/** The routes below /api/v2 as an OpenAPI 3.1 document. */
export function ownDocument(app: INestApplication): OpenAPIObject {
  const document = documentOf(app, OWN_MODULES, 'Muster API', OWN_DESCRIPTION, (about) =>
    about.addBasicAuth({ type: 'http', scheme: 'basic', description: 'The root token' }).addBearerAuth({
      type: 'http',
      description: 'A session of an API key, or a token of the OpenID provider',
    }),
  );
  return { ...document, security: [{ basic: [] }, { bearer: [] }, {}] };
}

/** The routes of the Anka dialect as an OpenAPI 3.1 document. The application need not be listening, or even have its providers. */
export function ankaDocument(app: INestApplication): OpenAPIObject {
  return documentOf(app, [AnkaModule], 'Muster: Anka Build Cloud API', DESCRIPTION);
}

/** The registry's own routes in the same way. */
export function ankaRegistryDocument(app: INestApplication): OpenAPIObject {
  return documentOf(app, [AnkaRegistryModule], 'Muster: Anka Build Cloud Registry API', REGISTRY_DESCRIPTION);
}

function documentOf(
  app: INestApplication,
  modules: readonly Type[],
  title: string,
  description: string,
  more: (about: DocumentBuilder) => DocumentBuilder = (about) => about,
): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion(RELEASE)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0');
  return SwaggerModule.createDocument(app, more(about).build(), { include: [...modules], operationIdFactory });
}

/** Serves the document, and a page to read it, whose files all come from here. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup(DOCS_PATH, app, () => ankaDocument(app), {
    jsonDocumentUrl: ANKA_DOCUMENT_PATH,
    raw: ['json'],
    customSiteTitle: 'Muster: Anka Build Cloud API',
  });
  SwaggerModule.setup('docs/v2', app, () => ownDocument(app), {
    jsonDocumentUrl: OWN_DOCUMENT_PATH,
    raw: ['json'],
    customSiteTitle: 'Muster API',
  });
  SwaggerModule.setup('docs/registry', app, () => ankaRegistryDocument(app), {
    jsonDocumentUrl: ANKA_REGISTRY_DOCUMENT_PATH,
    raw: ['json'],
    ui: false,
  });
}

function operationIdFactory(controller: string, method: string): string {
  return `${method}${controller.replace('Controller', '')}`;
}
