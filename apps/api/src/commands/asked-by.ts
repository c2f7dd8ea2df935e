import { isClientAddress } from '#events';
import type { RequestContext } from '../shell/request-context.js';
import type { AskContext } from './ask.js';

/** Who asks by this request, how it proved that, and from where: what every command of a door carries into the log. */
export function askedBy({
  principal,
  address,
  correlationId,
  traceparent,
}: RequestContext): Omit<AskContext, 'commandId'> {
  return {
    actor: principal.user,
    auth: principal.mode,
    // A trusted proxy may have said anything.
    ...(isClientAddress(address) && { address }),
    correlationId,
    ...(traceparent !== undefined && { traceparent }),
  };
}
