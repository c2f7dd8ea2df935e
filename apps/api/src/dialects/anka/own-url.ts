import type { DoorRequest } from '../../shell/request-context.js';

/** Our own URL as the client addressed it. */
export function ownUrl(request: DoorRequest): string {
  const { host } = request.headers;
  return `http://${typeof host === 'string' && host !== '' ? host : 'localhost'}`;
}
