import { deepStrictEqual, fail } from 'node:assert';
import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { Decision } from '../decide.js';
import type { DomainEvent } from '../events.js';
import type { Refusal } from '../refusal.js';
import { isAskedFor } from '../refused-command.js';
import { History, START_OF_TIME } from './history.js';
import { holdToPrefixLaw } from './prefix-law.js';

/** A command, or how to make one from what is true by then (a report must name the epoch). */
export type Said = Command | ((cluster: Cluster) => Command);

/** A command at its time, ms after {@link START_OF_TIME}. */
export interface SaidAt {
  readonly atMs: number;
  readonly said: Said;
}

export const at = (atMs: number, said: Said): SaidAt => ({ atMs, said });

/** Accepted, and nothing happened. */
export const nothing = Symbol('nothing');

/** What `then` expects in place of events. */
export interface Refused {
  readonly refused: Refusal;
}

export const refused = (refusal: Refusal): Refused => ({ refused: refusal });

/** A story for a specification: what was commanded before, all of it accepted. */
export function given(...earlier: readonly (Said | SaidAt)[]): Story {
  const story = new Story();
  for (const said of earlier) {
    const { outcome } = story.say(said);
    if (outcome.kind === 'refused') fail(`A command of given() was refused: ${JSON.stringify(outcome.refusal)}`);
  }
  return story;
}

export class Story {
  readonly history = new History();
  private last: Decision | undefined;

  get cluster(): Cluster {
    return this.history.cluster;
  }

  /** Decides one more command, and holds the decision to the prefix law. `at`: ms after the start of time. */
  when(said: Said, options: { at?: number; id?: string } = {}): this {
    this.last = this.say(options.at === undefined ? said : at(options.at, said), options.id);
    return this;
  }

  /** What came of the last `when`: these events and no others, or a refusal, or nothing. */
  then(...expected: readonly [typeof nothing] | readonly [Refused] | readonly DomainEvent[]): this {
    const { outcome, events } = this.last ?? fail('then() needs a when() before it');
    const [first] = expected;
    if (first !== undefined && first !== nothing && 'refused' in first) {
      deepStrictEqual(outcome, { kind: 'refused', refusal: first.refused });
      deepStrictEqual(
        events.map(({ event }) => (event.type === 'CommandRefused' ? event.code : event)),
        this.lastWasAskedFor ? [first.refused.code] : [],
      );
      return this;
    }
    deepStrictEqual(
      events.map(({ event }, index) => toldLike(event, expected[index])),
      first === nothing ? [] : expected,
    );
    deepStrictEqual(outcome, { kind: 'accepted', sequence: this.cluster.sequence });
    return this;
  }

  private get lastWasAskedFor(): boolean {
    const { command } = this.history.chapters.at(-1)?.command ?? fail('a command was just decided');
    return isAskedFor(command);
  }

  /** Events of the last `when`, for what need not be said in full. */
  get happened(): readonly DomainEvent[] {
    return (this.last?.events ?? []).map(({ event }) => event);
  }

  /** Decides without expecting anything. */
  say(said: Said | SaidAt, id?: string): Decision {
    const { atMs, said: what } = typeof said === 'object' && 'atMs' in said ? said : { atMs: undefined, said };
    const command = typeof what === 'function' ? what(this.cluster) : what;
    const afterMs = atMs === undefined ? undefined : START_OF_TIME + atMs - this.history.time;
    const decision = this.history.say(command, {
      ...(id !== undefined && { id }),
      ...(afterMs !== undefined && { afterMs }),
    });
    holdToPrefixLaw(this.history.events, this.history.chapters.at(-1) ?? fail('a command was just decided'));
    return decision;
  }
}

/** Why a node was chosen is compared only where the specification says something of it. */
function toldLike(event: DomainEvent, expected: unknown): DomainEvent {
  if (event.type !== 'VMScheduled' || (typeof expected === 'object' && expected !== null && 'choice' in expected))
    return event;
  const { choice: _, ...rest } = event;
  return rest;
}
