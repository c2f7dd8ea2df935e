import { isId } from '#domain';
import type { Explained } from '../ports/explain.js';

/** `{"vmId": "…"}`, easily typed by hand: `nats req muster.qry.vm.Explain '{"vmId":"…"}'`. */
export const questionText = (vmId: string): string => JSON.stringify({ vmId });

/** The id that is asked for; undefined for what is no question. */
export function readQuestion(text: string): string | undefined {
  const { vmId } = (parsed(text) ?? {}) as { vmId?: unknown };
  return typeof vmId === 'string' && isId(vmId) ? vmId : undefined;
}

export const answerText = (explained: Explained): string => JSON.stringify(explained);

/** Undefined for what is no answer: anybody may reply who is let in. */
export function readAnswer(text: string): Explained | undefined {
  const { asOf, explanation } = (parsed(text) ?? {}) as Partial<Explained>;
  const isAnswer = Number.isSafeInteger(asOf) && (explanation === undefined || typeof explanation?.vmId === 'string');
  return isAnswer ? { asOf: asOf as number, ...(explanation && { explanation }) } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
