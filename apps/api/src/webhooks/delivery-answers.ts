import type { AttemptDto, OutstandingDto } from './deliveries.dto.js';
import { moment } from './webhook-answers.js';
import type { LoggedAttempt, Outstanding } from './webhook-store.js';

export const attemptShown = (attempt: LoggedAttempt): AttemptDto => {
  const { at, sequence, eventId, type, outcome, status, latencyMs, request, response, error } = attempt;
  return {
    ...{ at: moment(at), sequence, eventId, type, attempt: attempt.attempt, outcome },
    ...(status !== undefined && { status }),
    ...{ latencyMs, request, response },
    ...(error !== undefined && { error }),
  };
};

export const outstandingShown = (delivery: Outstanding): OutstandingDto => {
  const { sequence, eventId, type, dueAt, queuedAt, attempts, lastError } = delivery;
  return {
    ...{ sequence, eventId, type, dueAt: moment(dueAt), queuedAt: moment(queuedAt), attempts },
    ...(lastError !== undefined && { lastError }),
  };
};
