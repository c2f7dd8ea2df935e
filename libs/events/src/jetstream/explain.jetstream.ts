import { errors } from '@nats-io/transport-node';
import { Unavailable } from '../fault.js';
import type { Watch } from '../ports/desired-state.js';
import type { ExplainDesk } from '../ports/explain.js';
import { EXPLAIN_SUBJECT } from '../subjects.js';
import { answerQuestion, AskingDoor, EXPLAIN_TIMEOUT_MS, unanswered } from '../wire/asking-door.js';
import { utf8 } from '../wire/stored-event.js';
import type { NatsLink } from './link.jetstream.js';

export class CoreExplainDoor extends AskingDoor {
  constructor(link: NatsLink, { timeoutMs = EXPLAIN_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}) {
    super((text) => request(link, text, timeoutMs));
  }
}

export class CoreExplainDesk implements ExplainDesk {
  constructor(private readonly link: NatsLink) {}

  open(answer: Parameters<ExplainDesk['open']>[0]): Watch {
    const subscription = this.link.nc.subscribe(EXPLAIN_SUBJECT, {
      callback: (error, message) => {
        const { reply } = message;
        if (error || !reply) return;
        void answerQuestion(utf8(message.data), answer, (text) => this.link.tell(reply, text));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}

async function request(link: NatsLink, text: string, timeoutMs: number): Promise<string> {
  if (link.isClosed) throw link.closedError();
  try {
    return utf8((await link.nc.request(EXPLAIN_SUBJECT, text, { timeout: timeoutMs })).data);
  } catch (cause) {
    if (isSilence(cause)) throw unanswered(link.isConnected, timeoutMs, { cause });
    throw new Unavailable('nats', `Cannot ask on ${EXPLAIN_SUBJECT}: the connection refused it or ended`, { cause });
  }
}

/** Nobody listens, or nobody said anything. */
const isSilence = (cause: unknown): boolean =>
  cause instanceof errors.TimeoutError || cause instanceof errors.NoRespondersError || isNoResponders(cause);

const isNoResponders = (cause: unknown): boolean => cause instanceof errors.RequestError && cause.isNoResponders();
