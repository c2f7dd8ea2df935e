import type { EventType } from '#domain';
import { EVENTS } from './catalogue.js';

/** What events that say nothing of their version have: all that were recorded before versions were written down. */
export const FIRST_VERSION = 1;

/** The version of an event's data that this build writes. */
export const versionOf = (type: EventType): number => EVENTS[type].version ?? FIRST_VERSION;

/** Name of the JSON Schema that the data of such an event fit: `urn:muster:VMStarted:1`. */
export const schemaName = (type: string, version: number): string => `urn:muster:${type}:${version}`;

/** Made once, because every event that is written or read needs one. */
const NAMES = Object.fromEntries(
  (Object.keys(EVENTS) as EventType[]).map((type) => [type, schemaName(type, versionOf(type))]),
) as Record<EventType, string>;

/** The attribute `dataschema` of an event that this build writes. */
export const dataSchemaOf = (type: EventType): string => NAMES[type];

/** The version that such a name names; undefined when it is the name of something else. */
export function versionNamed(type: EventType, dataschema: string | undefined): number | undefined {
  if (dataschema === undefined) return FIRST_VERSION;
  const prefix = `urn:muster:${type}:`;
  const digits = dataschema.startsWith(prefix) ? dataschema.slice(prefix.length) : '';
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : undefined;
}
