import type { EventType } from '#domain';
import { dataSchemaOf, versionNamed, versionOf } from './event-version.js';

/** The data of an event as they stand in the log: plain JSON. */
export type EventData = Readonly<Record<string, unknown>>;

/** Makes the data of version n + 1 out of those of version n. Pure, and total over everything that was ever recorded as version n. */
export type Upcaster = (data: EventData) => EventData;

/** The upcasters of each type, that from version 1 to 2 first. */
export type Upcasters = Readonly<Partial<Record<EventType, readonly Upcaster[]>>>;

/**
 * So far no event has changed but by fields that may be missing, which needs no version. For each version above 1 in the
 * catalogue there is one upcaster here.
 */
export const UPCASTERS: Upcasters = {};

/** The data as this build means them, or undefined when a newer build wrote them, or nobody whom we know. */
export type Upcast = (type: EventType, dataschema: string | undefined, data: EventData) => EventData | undefined;

/** A way from every version up to the given ones; `current` and `upcasters` are arguments so that tests may have versions of their own. */
export function upcastBy(current: (type: EventType) => number, upcasters: Upcasters): Upcast {
  return (type, dataschema, data) => {
    const version = versionNamed(type, dataschema);
    if (version === undefined || version > current(type)) return undefined;
    const steps = upcasters[type]?.slice(version - 1, current(type) - 1) ?? [];
    return steps.reduce((older, step) => step(older), data);
  };
}

const fromOlder = upcastBy(versionOf, UPCASTERS);

/** Almost every event is of the current version. */
export const upcast: Upcast = (type, dataschema, data) =>
  dataschema === dataSchemaOf(type) ? data : fromOlder(type, dataschema, data);
