import { deepStrictEqual } from 'node:assert';
import { decide } from '../decide.js';
import type { RecordedEvent } from '../events.js';
import { canonical } from './canonical.js';
import { type Chapter, fold } from './history.js';

/**
 * Holds one decision to the prefix law: on a cluster folded from everything before it and any part of its events, the same command
 * yields exactly the rest, the same outcome and the same cluster. Throws an AssertionError otherwise.
 */
export function holdToPrefixLaw(log: readonly RecordedEvent[], chapter: Chapter): void {
  const { command, decision, before } = chapter;
  const whole = canonical(fold(log.slice(0, before + decision.events.length)));
  for (let kept = 0; kept <= decision.events.length; kept++) {
    const cluster = fold(log.slice(0, before + kept));
    const again = decide(cluster, command);
    const where = `${command.command.type} after ${kept} of ${decision.events.length} events`;
    deepStrictEqual(again.events, decision.events.slice(kept), `${where}: not exactly the remaining events`);
    deepStrictEqual(again.outcome, decision.outcome, `${where}: another outcome`);
    deepStrictEqual(canonical(cluster), whole, `${where}: another cluster`);
  }
}
