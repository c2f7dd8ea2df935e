import { DriverError } from '../driver.js';
import type { UidRange } from './options.js';

/** The lowest user id of the range that no VM has. Throws `TOOL_FAILED` when all are taken: the range is the limit of VMs here. */
export function freeUid(range: UidRange, used: ReadonlySet<number>): number {
  for (let uid = range.uidBase; uid < range.uidBase + range.uidCount; uid++) {
    if (!used.has(uid)) return uid;
  }
  throw new DriverError('TOOL_FAILED', `All ${range.uidCount} user ids for VMs on this host are taken.`, true);
}
