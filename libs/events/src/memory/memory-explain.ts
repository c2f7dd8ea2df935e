import type { Watch } from '../ports/desired-state.js';
import type { ExplainDesk } from '../ports/explain.js';
import { EXPLAIN_SUBJECT } from '../subjects.js';
import { answerQuestion, AskingDoor, EXPLAIN_TIMEOUT_MS, unanswered } from '../wire/asking-door.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryExplainDoor extends AskingDoor {
  constructor(link: MemoryLink, { timeoutMs = EXPLAIN_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}) {
    super((text) => request(link, text, timeoutMs));
  }
}

export class MemoryExplainDesk implements ExplainDesk {
  constructor(private readonly link: MemoryLink) {}

  open(answer: Parameters<ExplainDesk['open']>[0]): Watch {
    const stop = this.link.subscribe(EXPLAIN_SUBJECT, (text, _subject, replyTo) => {
      if (replyTo !== undefined) void answerQuestion(text, answer, (answered) => this.link.publish(replyTo, answered));
    });
    return { stop };
  }
}

function request(link: MemoryLink, question: string, timeoutMs: number): Promise<string> {
  if (link.closed) return Promise.reject(link.closedError());
  const inbox = `${link.newInbox()}answer`;
  return new Promise((resolve, reject) => {
    const ends: (() => void)[] = [];
    const settle = (finish: () => void): void => {
      for (const end of ends) end();
      finish();
    };
    ends.push(link.subscribe(inbox, (answer) => settle(() => resolve(answer))));
    ends.push(link.onChange(() => link.closed && settle(() => reject(link.closedError()))));
    const alarm = link.clock.after(timeoutMs, () => settle(() => reject(unanswered(link.connected, timeoutMs))));
    ends.push(() => alarm.cancel());
    link.publish(EXPLAIN_SUBJECT, question, inbox);
  });
}
