import { Forbidden } from '../auth/failures.js';
import type { Reach } from '../auth/reach.js';

/**
 * The log tells of everything at once. Whoever may touch some nodes and templates only is shown the histories of the VMs that it sees,
 * and nothing else of it. Throws `Forbidden`.
 */
export function refuseLimitedReach(reach: Reach | undefined): void {
  if (reach !== undefined) throw new Forbidden('view_logs of all resources');
}
