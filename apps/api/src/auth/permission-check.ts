import type { AccessStore } from '#domain';
import type { AccessView } from '../views/index.js';
import { Forbidden } from './failures.js';
import type { Need } from './permission.js';
import type { Principal } from './principal.js';

/** What a route asks of its caller, and whether node agents may call it as well. */
export interface RouteNeed {
  readonly need: Need;
  readonly alsoNodes: boolean;
  /** Whose permission the need is, unless it says so itself. */
  readonly store: AccessStore;
}

/**
 * Throws `Forbidden` when the caller may not do what the route does. `permissions`: where what each may do is found; undefined: whoever
 * has a name may do everything but what is root's. Looked up each time, so that a change counts at once.
 */
export async function checkPermission(
  principal: Principal,
  { need, alsoNodes, store }: RouteNeed,
  permissions: Pick<AccessView, 'permissionsOf'> | undefined,
): Promise<void> {
  if (principal.isRoot || need === 'open') return;
  if (principal.mode === 'node') {
    if (alsoNodes) return;
    throw new Forbidden(need);
  }
  if (need === 'superuser') throw new Forbidden('root');
  if (need === 'any' || permissions === undefined) return;
  if (!(await holds(principal, need, permissions, store))) throw new Forbidden(need);
}

const OF_REGISTRY = 'registry:';

async function holds(
  { groups, user }: Principal,
  need: string,
  permissions: Pick<AccessView, 'permissionsOf'>,
  store: AccessStore,
): Promise<boolean> {
  const isRegistrys = need.startsWith(OF_REGISTRY);
  const held: ReadonlySet<string> = await permissions.permissionsOf(groups, user, isRegistrys ? 'registry' : store);
  return held.has(isRegistrys ? need.slice(OF_REGISTRY.length) : need);
}
