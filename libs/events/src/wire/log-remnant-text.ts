import { createHash } from 'node:crypto';
import { Undecodable } from '../fault.js';
import type { LoggedEvent } from '../ports/event-log.js';
import type { Remnant } from '../ports/log-keeper.js';

export const logRemnantText = ({ name, incarnation, through, events, digest }: Remnant): string =>
  JSON.stringify({ name, incarnation, through, events, digest });

/** Throws {@link Undecodable}. */
export function readRemnant(text: string): Remnant {
  const { name, incarnation, through, events, digest } = JSON.parse(text) as Partial<Remnant>;
  if (typeof name !== 'string' || typeof incarnation !== 'string' || typeof digest !== 'string')
    throw new Undecodable('Cannot read the remnant of the log: it must have a name, an incarnation and a digest');
  if (!Number.isSafeInteger(through) || !Number.isSafeInteger(events))
    throw new Undecodable('Cannot read the remnant of the log: it must say through where, and how many events it has');
  return { name, incarnation, through: through as number, events: events as number, digest };
}

/** Tells whether two runs of events are the same: places and texts, in order. */
export class RemnantDigest {
  private readonly hash = createHash('sha256');
  events = 0;

  add({ sequence, raw }: Pick<LoggedEvent, 'sequence' | 'raw'>): void {
    this.events++;
    this.hash.update(`${sequence}\n${raw}\n`);
  }

  /** Ends it. */
  hex(): string {
    return this.hash.digest('hex');
  }
}
