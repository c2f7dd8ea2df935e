import type pg from 'pg';
import type {
  NodeInUse,
  NodeRow,
  NodeView,
  SmallView,
  TemplateRow,
  TemplateView,
  VmFilter,
  VmRow,
  VmView,
} from '../views/index.js';
import { storableText } from './database.postgres.js';
import type { RowOf, SmallKind } from './kinds.js';
import { KnownVms } from './known-vms.js';
import { Rows } from './rows.postgres.js';
import { LIVE_SCHEMA, tableOf } from './tables.postgres.js';
import { PostgresVmTable } from './vm-table.postgres.js';

/** An id that Postgres cannot keep leads nowhere, as any unknown one; asked for it, it would call the question itself wrong. */
const leadsNowhere = (id: string): boolean => id !== storableText(id);

export class PostgresVmView implements VmView {
  private readonly rows: Rows<{ doc: VmRow }>;
  private readonly known: KnownVms;

  constructor(pool: pg.Pool) {
    this.rows = new Rows(pool, 'VMs');
    this.known = new KnownVms(new PostgresVmTable(pool));
  }

  get(id: string): Promise<VmRow | undefined> {
    return this.known.get(id);
  }

  async list({ phase, nodeId, externalId }: VmFilter = {}): Promise<readonly VmRow[]> {
    const wanted = Object.entries({ phase, node_id: nodeId, external_id: externalId }).filter(
      ([, value]) => value !== undefined,
    );
    if (wanted.length === 0) return this.known.list();
    const where = wanted.map(([column], place) => `${column} = $${place + 1}`).join(' AND ');
    const text = `SELECT doc FROM ${LIVE_SCHEMA}.vm WHERE ${where} ORDER BY accepted_sequence`;
    const name = `by ${wanted.map(([column]) => column).join()}`;
    const rows = await this.rows.read(
      name,
      text,
      wanted.map(([, value]) => value),
    );
    return rows.map(({ doc }) => doc);
  }
}

interface NodeColumns {
  readonly doc: NodeRow;
  readonly vms: number;
  readonly cpu: number;
  readonly memory_mib: number;
}

const NODES = (where: string): string => `
  SELECT node.doc, coalesce(used.vms, 0) AS vms, coalesce(used.cpu, 0) AS cpu, coalesce(used.memory_mib, 0) AS memory_mib
  FROM ${LIVE_SCHEMA}.node LEFT JOIN (
    SELECT node_id, count(*)::int AS vms, sum(cpu)::int AS cpu, sum(memory_mib)::float8 AS memory_mib
    FROM ${LIVE_SCHEMA}.vm WHERE occupies ${where && 'AND node_id = $1'} GROUP BY node_id
  ) used ON used.node_id = node.id
  ${where} ORDER BY node.id COLLATE "C"`;

export class PostgresNodeView implements NodeView {
  private readonly rows: Rows<NodeColumns>;

  constructor(pool: pg.Pool) {
    this.rows = new Rows(pool, 'nodes');
  }

  async get(id: string): Promise<NodeInUse | undefined> {
    if (leadsNowhere(id)) return undefined;
    return (await this.rows.read('one', NODES('WHERE node.id = $1'), [id])).map(inUse)[0];
  }

  async list(): Promise<readonly NodeInUse[]> {
    return (await this.rows.read('all', NODES(''))).map(inUse);
  }
}

const inUse = ({ doc, vms, cpu, memory_mib }: NodeColumns): NodeInUse => ({
  ...doc,
  use: { vms, cpu, memoryMiB: memory_mib },
});

export class PostgresTemplateView implements TemplateView {
  private readonly rows: Rows<{ doc: TemplateRow }>;

  constructor(pool: pg.Pool) {
    this.rows = new Rows(pool, 'templates');
  }

  async get(id: string): Promise<TemplateRow | undefined> {
    if (leadsNowhere(id)) return undefined;
    const rows = await this.rows.read('one', `SELECT doc FROM ${LIVE_SCHEMA}.template WHERE id = $1`, [id]);
    return rows[0]?.doc;
  }

  async list(): Promise<readonly TemplateRow[]> {
    const text = `SELECT doc FROM ${LIVE_SCHEMA}.template ORDER BY name COLLATE "C", id COLLATE "C"`;
    return (await this.rows.read('all', text)).map(({ doc }) => doc);
  }
}

/** Rows of any small kind. */
export class PostgresSmallView<K extends SmallKind> implements SmallView<RowOf[K]> {
  private readonly rows: Rows<{ doc: RowOf[K] }>;
  private readonly table: string;

  constructor(pool: pg.Pool, kind: K) {
    this.rows = new Rows(pool, `${kind} rows`);
    this.table = tableOf(LIVE_SCHEMA, kind);
  }

  async get(id: string): Promise<RowOf[K] | undefined> {
    if (leadsNowhere(id)) return undefined;
    const rows = await this.rows.read('one', `SELECT doc FROM ${this.table} WHERE id = $1`, [id]);
    return rows[0]?.doc;
  }

  async list(): Promise<readonly RowOf[K][]> {
    const text = `SELECT doc FROM ${this.table} ORDER BY (doc->>'madeSequence')::bigint`;
    return (await this.rows.read('all', text)).map(({ doc }) => doc);
  }
}
