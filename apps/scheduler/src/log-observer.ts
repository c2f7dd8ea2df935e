import type { Logger } from 'pino';
import type { Observer } from './control-plane/observer.js';

/** Writes what the control plane tells into the log; refusals are news for their caller, not errors of ours. */
export function logged(logger: Logger): Observer {
  return {
    role: (role) => logger.info({ role }, `control plane is ${role}`),
    decided: (command, { outcome, events }) => {
      if (!logger.isLevelEnabled('debug')) return;
      const { id, sequence, correlationId } = command.cause;
      const refusal = outcome.kind === 'refused' ? outcome.refusal.code : undefined;
      const facts = events.map(({ event }) => event.type);
      logger.debug({ command: command.command.type, id, sequence, correlationId, refusal, events: facts }, 'decided');
    },
    struck: (sequence, strike, cause) => logger.error({ sequence, strike, err: cause }, 'a command broke the decider'),
    logKept: (done) => {
      if (done.cutAt > 0) logger.info(done, 'what is old and not needed was cut off the log');
    },
    termEnded: (cause) => logger.warn({ err: cause }, 'the term ended'),
    fault: (doing, cause) => logger.warn({ err: cause }, `could not ${doing}`),
  };
}
