import type { VmRow } from '../views/index.js';
import { Turns } from './turns.js';

/** Rows kept from one question to the next: some 4 KB each. Where there are more, each list reads them all. */
export const MAX_KNOWN_VMS = 20_000;
/** VMs looked up by one statement; those who ask for more wait for the next. */
export const MAX_LOOKED_UP = 1_000;

/** Where somebody stands who has read before: of which tables, and how far they were. */
export interface Standpoint {
  readonly generation: string;
  readonly sequence: number;
}

/** What the table of VMs says at one moment to somebody who stands there. */
export interface VmNews extends Standpoint {
  /** Every VM that there is, in the order of acceptance. */
  readonly ids: readonly string[];
  /** Rows that changed since, by id; all of them when the table is of another generation. */
  readonly changed: ReadonlyMap<string, VmRow>;
}

/** What the table of VMs says at one moment about some of them. */
export interface VmLookup {
  readonly generation: string;
  /** Of each that there is its row, or `same` when it is the one that the asker knows. */
  readonly found: ReadonlyMap<string, VmRow | 'same'>;
}

/** The table, as read by somebody who has read before. */
export interface VmTable {
  since(standpoint: Standpoint): Promise<VmNews>;
  /** `known`: sequence of the row that the asker has, by id; −1 for none. */
  lookUp(generation: string, known: ReadonlyMap<string, number>): Promise<VmLookup>;
}

type KnownRows = Map<string, VmRow>;

/**
 * Answers about VMs, for which only those rows are read that changed since they were read last. Each answer is what the table said at
 * some moment after the question: a row is kept, but the table is asked whether it is still the same. A row that has not changed is the
 * same object again, so that what is made of it may be kept, too.
 */
export class KnownVms {
  private rows: KnownRows = new Map();
  private standpoint: Standpoint = { generation: '', sequence: -1 };
  private readonly lists = new Turns<undefined, readonly VmRow[]>(() => this.readAll());
  private readonly lookUps = new Turns<string, ReadonlyMap<string, VmRow>>((ids) => this.readSome(ids), MAX_LOOKED_UP);

  constructor(
    private readonly table: VmTable,
    private readonly maxKnown = MAX_KNOWN_VMS,
  ) {}

  async get(id: string): Promise<VmRow | undefined> {
    return (await this.lookUps.ask(id)).get(id);
  }

  /** In the order of acceptance. */
  list(): Promise<readonly VmRow[]> {
    return this.lists.ask(undefined);
  }

  private async readAll(): Promise<readonly VmRow[]> {
    const { rows, standpoint } = this;
    const news = await this.table.since(standpoint);
    const known = news.generation === standpoint.generation ? rows : (new Map() as KnownRows);
    const listed: KnownRows = new Map();
    for (const id of news.ids) {
      const row = news.changed.get(id) ?? known.get(id);
      if (row === undefined) throw new Error(`VM ${id} is neither known nor among what changed`);
      listed.set(id, row);
    }
    this.rows = listed;
    this.standpoint = { generation: news.generation, sequence: news.sequence };
    if (listed.size > this.maxKnown) this.forget(news.generation);
    return [...listed.values()];
  }

  private async readSome(ids: readonly string[]): Promise<ReadonlyMap<string, VmRow>> {
    const { rows, standpoint } = this;
    const known = new Map(ids.map((id) => [id, rows.get(id)?.sequence ?? -1]));
    const { generation, found } = await this.table.lookUp(standpoint.generation, known);
    const answer = new Map<string, VmRow>();
    for (const [id, row] of found) {
      const meant = row === 'same' ? rows.get(id) : row;
      if (meant !== undefined) answer.set(id, meant);
    }
    if (generation !== this.standpoint.generation) this.forget(generation);
    for (const [id, row] of answer) this.learn(id, row);
    return answer;
  }

  /** A list may have brought a newer row meanwhile. What is gone is left to the lists: only they know it for certain. */
  private learn(id: string, row: VmRow): void {
    if ((this.rows.get(id)?.sequence ?? -1) < row.sequence) this.rows.set(id, row);
    if (this.rows.size > 2 * this.maxKnown) this.forget(this.standpoint.generation);
  }

  private forget(generation: string): void {
    this.rows = new Map();
    this.standpoint = { generation, sequence: -1 };
  }
}
