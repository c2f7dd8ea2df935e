import type pg from 'pg';
import { type AccessStore, apiKeyId, type Grantee, permissionGroupId, type ResourceGrant } from '#domain';
import type { Clock } from '#events';
import type { PermissionOf } from '../auth/permission.js';
import {
  type AccessView,
  type ApiKeyRow,
  granteeIds,
  type KeyAccess,
  type PermissionGroupRow,
} from '../views/index.js';
import { storableText } from './database.postgres.js';
import { Rows } from './rows.postgres.js';
import { LIVE_SCHEMA, tableOf } from './tables.postgres.js';

const KEYS = tableOf(LIVE_SCHEMA, 'apikey');
const GROUPS = tableOf(LIVE_SCHEMA, 'permission');
const IN_ORDER = 'ORDER BY id COLLATE "C"';

/** A key beside the rows of its groups and of its own name: three looks into primary keys, one statement. */
const KEY_ACCESS = `
  SELECT key.doc AS key, ARRAY(
    SELECT granted.doc FROM ${GROUPS} granted WHERE granted.id IN (
      SELECT $2::text || '/group/' || value FROM json_array_elements_text(key.doc->'groups')
      UNION ALL SELECT $2::text || '/user/' || $3::text
    )
  ) AS granted
  FROM ${KEYS} key WHERE key.id = $1`;

/**
 * Every answer is read anew, by primary key, and nothing is kept: whoever changed a permission waited until the projection had it, so
 * from that answer on every replica, which reads the same tables, decides by the new one. A cache would save a fraction of a millisecond
 * and would have to be told of each change by the replica that projects.
 */
export class PostgresAccessView implements AccessView {
  private readonly keys: Rows<{ doc: ApiKeyRow }>;
  private readonly groups: Rows<{ doc: PermissionGroupRow }>;
  private readonly keyAccesses: Rows<{ key: ApiKeyRow; granted: PermissionGroupRow[] }>;

  constructor(
    pool: pg.Pool,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.keys = new Rows(pool, 'API keys');
    this.groups = new Rows(pool, 'permission groups');
    this.keyAccesses = new Rows(pool, 'access of API keys');
  }

  async apiKey(keyId: string, store: AccessStore = 'controller'): Promise<ApiKeyRow | undefined> {
    const rows = await this.keys.read('one', `SELECT doc FROM ${KEYS} WHERE id = $1`, [
      storableText(apiKeyId(store, keyId)),
    ]);
    return rows.map(({ doc }) => doc).find((key) => this.works(key));
  }

  async apiKeys(store: AccessStore = 'controller'): Promise<readonly ApiKeyRow[]> {
    const text = `SELECT doc FROM ${KEYS} WHERE starts_with(id, $1) ${IN_ORDER}`;
    const rows = await this.keys.read('all', text, [apiKeyId(store, '')]);
    return rows.map(({ doc }) => doc).filter((key) => this.works(key));
  }

  async keyAccess<S extends AccessStore = 'controller'>(keyId: string, store?: S): Promise<KeyAccess<S> | undefined> {
    const of: AccessStore = store ?? 'controller';
    const values = [apiKeyId(of, keyId), of, keyId].map(storableText);
    const [found] = await this.keyAccesses.read('one', KEY_ACCESS, values);
    if (found === undefined || !this.works(found.key)) return undefined;
    return { key: found.key, permissions: permissionsIn<S>(found.granted) };
  }

  async permissionsOf<S extends AccessStore = 'controller'>(
    groups: readonly string[],
    user: string,
    store?: S,
  ): Promise<ReadonlySet<PermissionOf[S]>> {
    return permissionsIn<S>(await this.granted(groups, user, store));
  }

  async resourcesOf(groups: readonly string[], user?: string, store?: AccessStore): Promise<readonly ResourceGrant[]> {
    return (await this.granted(groups, user, store)).flatMap(({ resources }) => resources);
  }

  async permissionGroup(grantee: Grantee, store: AccessStore = 'controller'): Promise<PermissionGroupRow | undefined> {
    return (await this.byIds([permissionGroupId(store, grantee)]))[0];
  }

  async permissionGroups(store: AccessStore = 'controller'): Promise<readonly PermissionGroupRow[]> {
    const text = `SELECT doc FROM ${GROUPS} WHERE starts_with(id, $1) ${IN_ORDER}`;
    return (await this.groups.read('all', text, [`${store}/`])).map(({ doc }) => doc);
  }

  private granted(groups: readonly string[], user?: string, store: AccessStore = 'controller') {
    return this.byIds(granteeIds(store, groups, user));
  }

  private async byIds(ids: readonly string[]): Promise<PermissionGroupRow[]> {
    const text = `SELECT doc FROM ${GROUPS} WHERE id = ANY($1) ${IN_ORDER}`;
    return (await this.groups.read('some', text, [ids.map(storableText)])).map(({ doc }) => doc);
  }

  private works(key: ApiKeyRow): boolean {
    return key.expiresAt > this.clock.now();
  }
}

const permissionsIn = <S extends AccessStore>(groups: readonly PermissionGroupRow[]): ReadonlySet<PermissionOf[S]> =>
  new Set(groups.flatMap(({ permissions }) => permissions) as PermissionOf[S][]);
