import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventType, RecordedEvent } from '#domain';
import { type CloudEvent, encodeEvent } from '../cloud-event.js';
import { versionOf } from '../event-version.js';

/** One event of each type and version that was ever written: `<Type>.v<n>.json`. They are never edited, and decode for ever. */
export const SAMPLES = join(dirname(fileURLToPath(import.meta.url)), 'samples');

export interface Sample {
  readonly type: string;
  readonly version: number;
  readonly event: CloudEvent;
}

export const sampleFile = (type: string, version: number): string => `${type}.v${version}.json`;

export function samplesIn(folder = SAMPLES): Sample[] {
  return readdirSync(folder).map((file) => {
    const [, type = '', version = ''] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
    const event = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CloudEvent;
    return { type, version: Number(version), event };
  });
}

/** Writes the samples that are missing, each the fullest event of its type in this history. */
export function recordSamples(events: readonly RecordedEvent[], folder = SAMPLES): void {
  mkdirSync(folder, { recursive: true });
  for (const [type, event] of fullest(events)) {
    const file = join(folder, sampleFile(type, versionOf(type)));
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(event, null, 2)}\n`);
  }
}

function fullest(events: readonly RecordedEvent[]): Map<EventType, CloudEvent> {
  const found = new Map<EventType, CloudEvent>();
  for (const recorded of events) {
    const { type } = recorded.event;
    const event = encodeEvent(recorded);
    const best = found.get(type);
    if (best === undefined || lengthOf(event) > lengthOf(best)) found.set(type, event);
  }
  return found;
}

const lengthOf = ({ data }: CloudEvent): number => JSON.stringify(data).length;
