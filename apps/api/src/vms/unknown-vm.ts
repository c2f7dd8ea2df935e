import { Problem } from '../shell/problem.js';

/** `asOf`: the last event that this is known from. */
export function unknownVm(vmId: string, more: { readonly asOf?: number; readonly at?: object } = {}): Problem {
  const detail = `No VM has the id ${JSON.stringify(vmId)}${more.at === undefined ? '' : ' at that moment'}`;
  return new Problem(404, 'There is no such VM', detail, { code: 'VM_UNKNOWN', vmId, ...more });
}
