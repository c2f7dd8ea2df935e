import type { AccessStore, Grantee, ResourceGrant } from '#domain';
import type { Clock } from '#events';
import type { PermissionOf } from '../auth/permission.js';
import {
  type AccessView,
  type ApiKeyRow,
  granteeIds,
  type KeyAccess,
  type PermissionGroupRow,
} from '../views/index.js';
import type { MemoryProjectionStore } from './memory-projection-store.js';

export class MemoryAccessView implements AccessView {
  constructor(
    private readonly rows: MemoryProjectionStore,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async apiKey(keyId: string, store: AccessStore = 'controller'): Promise<ApiKeyRow | undefined> {
    return (await this.apiKeys(store)).find((key) => key.keyId === keyId);
  }

  async apiKeys(store: AccessStore = 'controller'): Promise<readonly ApiKeyRow[]> {
    const working = this.rows.all('apikey').filter((key) => key.store === store && key.expiresAt > this.clock.now());
    return inOrder(working);
  }

  async keyAccess<S extends AccessStore = 'controller'>(keyId: string, store?: S): Promise<KeyAccess<S> | undefined> {
    const key = await this.apiKey(keyId, store);
    return key && { key, permissions: await this.permissionsOf(key.groups, keyId, store) };
  }

  async permissionsOf<S extends AccessStore = 'controller'>(
    groups: readonly string[],
    user: string,
    store?: S,
  ): Promise<ReadonlySet<PermissionOf[S]>> {
    const granted = this.granted(groups, user, store).flatMap(({ permissions }) => permissions);
    return new Set(granted as PermissionOf[S][]);
  }

  async resourcesOf(groups: readonly string[], user?: string, store?: AccessStore): Promise<readonly ResourceGrant[]> {
    return this.granted(groups, user, store).flatMap(({ resources }) => resources);
  }

  async permissionGroup(grantee: Grantee, store: AccessStore = 'controller'): Promise<PermissionGroupRow | undefined> {
    const groups = await this.permissionGroups(store);
    return groups.find(({ kind, name }) => kind === grantee.kind && name === grantee.name);
  }

  async permissionGroups(store: AccessStore = 'controller'): Promise<readonly PermissionGroupRow[]> {
    return inOrder(this.rows.all('permission').filter((row) => row.store === store));
  }

  private granted(groups: readonly string[], user?: string, store: AccessStore = 'controller'): PermissionGroupRow[] {
    const ids = new Set(granteeIds(store, groups, user));
    return inOrder(this.rows.all('permission')).filter(({ id }) => ids.has(id));
  }
}

const inOrder = <R extends { readonly id: string }>(rows: readonly R[]): R[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
