import { Problem } from '../shell/problem.js';
import type { DoorRequest } from '../shell/request-context.js';
import type { Endpoint } from './endpoint.js';

export const etagOf = ({ version }: Endpoint): string => `"${version}"`;

/** The version that a request means to change; undefined: whichever there is. Throws a 412 for what is no ETag of ours. */
export function expectedOf({ headers }: DoorRequest): number | undefined {
  const text = headers['if-match'];
  if (text === undefined || text === '*') return undefined;
  const [, version] = /^"(\d{1,15})"$/.exec(String(text)) ?? [];
  if (version === undefined)
    throw new Problem(412, 'The state is another one', 'If-Match must be one ETag of the webhook');
  return Number(version);
}
