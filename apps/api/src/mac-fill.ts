import type { Clock } from '#events';
import type { Ask } from './commands/ask.js';
import type { MacRange } from './mac-range.js';

/** Asked again so soon after it did not work: at the start the other parts may not be there yet. */
export const FILL_AGAIN_MS = 10_000;

/** Sees to it that the range is given out, now and then again. Whoever asks first has it done; for the others nothing is left. */
export async function keepMacPoolFilled(
  { from, to, fillEveryMs }: MacRange,
  ask: Pick<Ask, 'command' | 'idFor'>,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
  onTrouble: (trouble: string) => void,
): Promise<void> {
  while (fillEveryMs > 0 && !signal.aborted) {
    const commandId = ask.idFor();
    let pauseMs = fillEveryMs;
    try {
      const context = { actor: 'api', correlationId: commandId, commandId };
      const outcome = await ask.command({ type: 'FillMacPool', from, to }, context);
      if (outcome.kind === 'refused') onTrouble(JSON.stringify(outcome.refusal));
    } catch (error) {
      onTrouble(String(error));
      pauseMs = Math.min(FILL_AGAIN_MS, fillEveryMs);
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}
