import { ankaPage } from './anka-page.js';
import { textsOf } from './anka/texts.driver.js';
import { configPage } from './config-page.js';
import { eventsPage } from './events-page.js';

/** A document that is generated from the code: its path from the root, and its text as it should be now. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** All generated documents. */
export function pages(): readonly Page[] {
  return [
    { path: 'docs/config.md', text: configPage() },
    { path: 'docs/events.md', text: eventsPage() },
    { path: 'docs/dialects/anka.md', text: ankaPage(textsOf(['apps/api/src', 'test/clients'])) },
  ];
}
