import { isId } from '#domain';
import { Unavailable } from '../fault.js';
import type { Explained, ExplainDesk, ExplainDoor } from '../ports/explain.js';
import { answerText, questionText, readAnswer, readQuestion } from './explain-message.js';

/** How long a door waits for an explanation, ms, unless told otherwise. */
export const EXPLAIN_TIMEOUT_MS = 2000;
/** Questions of one door that may wait for their answer at the same time: each costs the control plane a look at all nodes. */
export const MAX_WAITING_QUESTIONS = 256;

/** The door of both forms. */
export class AskingDoor implements ExplainDoor {
  private waiting = 0;

  /** `request` brings the text to whoever answers, and the answer back; it throws `Unavailable` when there is none in time. */
  constructor(private readonly request: (text: string) => Promise<string>) {}

  async explain(vmId: string): Promise<Explained> {
    if (!isId(vmId)) throw new TypeError(`Cannot ask about "${vmId}": it must be an id`);
    if (this.waiting >= MAX_WAITING_QUESTIONS) {
      const message = `Cannot ask about ${vmId}: ${MAX_WAITING_QUESTIONS} questions wait for their answer already`;
      throw new Unavailable('control-plane', message);
    }
    this.waiting++;
    try {
      const answer = readAnswer(await this.request(questionText(vmId)));
      if (answer === undefined) throw new Unavailable('control-plane', `The answer about ${vmId} cannot be read`);
      return answer;
    } finally {
      this.waiting--;
    }
  }
}

/** What a desk does with a question, in both forms. Never rejects: a question that finds no answer here is no harm. */
export async function answerQuestion(
  text: string,
  answer: Parameters<ExplainDesk['open']>[0],
  reply: (text: string) => void,
): Promise<void> {
  const vmId = readQuestion(text);
  if (vmId === undefined) return;
  const explained = await answer(vmId).catch(() => undefined);
  if (explained !== undefined) reply(answerText(explained));
}

/** Nobody answered: whose fault that is depends on whether the question could leave at all. */
export function unanswered(isConnected: boolean, timeoutMs: number, options?: ErrorOptions): Unavailable {
  const who = isConnected ? 'control-plane' : 'nats';
  return new Unavailable(who, `No control plane explained the VM within ${timeoutMs} ms`, options);
}
