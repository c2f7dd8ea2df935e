import { Forbidden } from '../auth/failures.js';
import type { Ask, AskContext } from '../commands/ask.js';
import { askedBy } from '../commands/asked-by.js';
import { checkIdempotencyKey, keyedId } from '../commands/command-id.js';
import type { DoorRequest } from '../shell/request-context.js';
import { refusalProblem } from '../templates/refusal-problems.js';

/** Who asks for what, under which command id: the same `Idempotency-Key` of the same caller at the same route is the same request. */
export function askingOf(request: DoorRequest, ask: Ask, route: string): AskContext {
  mustReachAll(request);
  const { principal } = request.muster;
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return { ...askedBy(request.muster), commandId: ask.idFor() };
  const refusal = checkIdempotencyKey(key);
  if (refusal !== undefined) throw refusalProblem(refusal);
  return { ...askedBy(request.muster), commandId: keyedId(`${principal.user}\n${route}`, key) };
}

/** Webhooks tell of everything, so they are not for callers who may touch some nodes and templates only. */
export function mustReachAll({ muster: { reach } }: DoorRequest): void {
  if (reach !== undefined) throw new Forbidden('change_config of all resources');
}
