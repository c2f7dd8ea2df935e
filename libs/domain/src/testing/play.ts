import { Dice, type Roll } from './dice.js';
import { History } from './history.js';
import { plausibleCommand } from './plausible-commands.js';
import { joins, push } from './samples.js';

/** Time that passes before a command, ms: mostly little, sometimes longer than every limit. */
const PAUSES_MS: readonly (readonly [number, number])[] = [
  [10, 1],
  [8, 1_000],
  [2, 30_000],
  [1, 100_000],
  [1, 600_000],
  [1, 0],
];

/** Plays one step: a plausible command, or, once in a while, an earlier one under its own id again. */
export function playStep(history: History, roll: Roll): void {
  const dice = new Dice(roll);
  const afterMs = dice.weighted(PAUSES_MS);
  const earlier = dice.onceIn(20) ? dice.pick(history.chapters) : undefined;
  if (earlier !== undefined) history.say(earlier.command.command, { id: earlier.command.cause.id, afterMs });
  else history.say(plausibleCommand(dice, history.cluster), { afterMs });
}

/** A fleet to begin with, so that short histories are about VMs. */
export function begin(): History {
  const history = new History();
  history.say(joins('n1', { cached: [{ templateId: 't-amd', tag: 'v1' }] }));
  history.say(joins('n2', { facts: { cpuCount: 4, memoryMiB: 10_240 }, config: { capacityMode: 'resource' } }));
  history.say(push('t-amd'));
  return history;
}

export function play(rolls: readonly Roll[]): History {
  const history = begin();
  for (const roll of rolls) playStep(history, roll);
  return history;
}
