import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { CloudEvent } from '../../libs/events/src/cloud-event.js';
import { ankaPage } from './anka-page.js';
import { textsOf } from './anka/texts.driver.js';
import { configPage } from './config-page.js';
import { asyncApiPage } from './asyncapi-page.js';
import { eventsPage } from './events-page.js';
import type { Page } from './page.js';
import { currentSchemas, schemaPages } from './schemas/schema-pages.js';

/** All generated documents. */
export function pages(): readonly Page[] {
  const schemas = currentSchemas();
  return [
    { path: 'docs/config.md', text: configPage() },
    { path: 'docs/events.md', text: eventsPage(schemas, examples()) },
    { path: 'docs/dialects/anka.md', text: ankaPage(textsOf(['apps/api/src', 'test/clients'])) },
    { path: 'docs/asyncapi.json', text: asyncApiPage(schemas) },
    ...schemaPages(schemas, stored),
  ];
}

/** The text of a file as it is now. */
export const stored = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

const SAMPLES = 'libs/events/src/golden/samples';

/** The newest sample of each type. */
function examples(): ReadonlyMap<string, CloudEvent> {
  const files = readdirSync(SAMPLES).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const read = (file: string): CloudEvent => JSON.parse(readFileSync(`${SAMPLES}/${file}`, 'utf8')) as CloudEvent;
  return new Map(files.map((file) => [file.slice(0, file.indexOf('.')), read(file)]));
}
