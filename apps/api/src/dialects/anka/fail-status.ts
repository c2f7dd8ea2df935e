import type { ErrorWording } from '../../shell/error-answers.js';

/**
 * Which HTTP code a refused request gets. Controllers of different years disagree (anka.md §1.3): the first ones said 200 to everything,
 * later ones 400 to a template that is unknown. `mixed` gives each refusal the code that most clients can go on with.
 */
export const FAIL_STATUSES = ['mixed', '200', '400'] as const;
export type FailStatus = (typeof FAIL_STATUSES)[number];

/** Clients compare it, on a code of 200, and some take any other code for a reason to ask again for ever. */
const NEVER_AN_ERROR = 'Not found';

/** The same wording, with refusals under the code of the rule. Faults, credentials and sizes keep theirs. */
export function withFailStatus(rule: FailStatus, wording: ErrorWording): ErrorWording {
  if (rule === 'mixed') return wording;
  return (error, request) => {
    const answer = wording(error, request);
    if (rule === '200') return answer.status === 400 ? { ...answer, status: 200 } : answer;
    const isRefusedChange = answer.status === 200 && request.method !== 'GET' && !saysNotFound(answer.body);
    return isRefusedChange ? { ...answer, status: 400 } : answer;
  };
}

/** Whether the envelope, which is bytes by now, holds exactly that message. */
function saysNotFound(body: unknown): boolean {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString() : JSON.stringify(body);
  return (JSON.parse(text) as { message?: string }).message === NEVER_AN_ERROR;
}
