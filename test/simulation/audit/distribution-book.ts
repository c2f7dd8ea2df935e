import type { CloudEvent } from '#events';
import type { LawBook } from './law-book.js';

type Row = { open: boolean; progress: number };

/** Distributions by the books: each node that was meant has a row, and each row ends once, for a stated reason. */
export class DistributionBook {
  private readonly rowsOf = new Map<string, Map<string, Row>>();
  private readonly cachedOn = new Map<string, Set<string>>();
  private readonly imageOf = new Map<string, string>();

  constructor(private readonly laws: LawBook) {}

  get ids(): ReadonlySet<string> {
    return new Set(this.imageOf.keys());
  }

  read(type: string, event: CloudEvent): void {
    if (event.type.startsWith('muster.node.')) return this.readNode(type, event);
    if (!event.type.startsWith('muster.distribution.')) return;
    if (type === 'DistributeTemplateToNodes') return this.accept(event);
    const rows = this.rowsOf.get(event.subject);
    if (rows === undefined) return this.laws.breach(`${this.place(type, event)}: there is no such distribution`);
    if (type === 'DistributionProgressed') return this.progress(rows, event);
    if (type === 'DistributionRowEnded') return this.endRow(rows, event);
    const open = [...rows.values()].filter((row) => row.open);
    const mustBeOpen = type !== 'DistributionForgotten';
    this.expect(open.length > 0 === mustBeOpen, () => `${this.place(type, event)}: ${open.length} rows have not ended`);
    for (const row of open) row.open = false;
    if (!mustBeOpen) this.rowsOf.delete(event.subject);
  }

  /** To be called when everything should be at rest. */
  auditEnd(): void {
    for (const [id, rows] of this.rowsOf)
      for (const [nodeId, { open }] of rows) this.expect(!open, () => `${id} has not ended on ${nodeId}`);
  }

  private readNode(type: string, { subject, data }: CloudEvent): void {
    const cached = this.cachedOn.get(subject) ?? new Set();
    this.cachedOn.set(subject, cached);
    if (type === 'TemplatePulled') cached.add(imageIn(data));
    if (type === 'TemplateEvicted') cached.delete(imageIn(data));
    if (type !== 'NodeRegistered') return;
    cached.clear();
    for (const one of (data['cached'] ?? []) as Record<string, unknown>[]) cached.add(imageIn(one));
  }

  private accept(event: CloudEvent): void {
    const { subject: id, data } = event;
    const [pulling, cachedOn, unfit] = ['nodeIds', 'cachedOn', 'unfit'].map((field) => (data[field] ?? []) as string[]);
    const all = [...(pulling ?? []), ...(cachedOn ?? []), ...(unfit ?? [])];
    this.expect(
      !this.imageOf.has(id) && new Set(all).size === all.length,
      () => `${id} was accepted twice, or names a node twice`,
    );
    this.imageOf.set(id, imageIn(data));
    for (const nodeId of cachedOn ?? []) this.expectCached(id, nodeId);
    this.rowsOf.set(
      id,
      new Map(all.map((nodeId) => [nodeId, { open: pulling?.includes(nodeId) === true, progress: 0 }])),
    );
  }

  private progress(rows: ReadonlyMap<string, Row>, event: CloudEvent): void {
    const progress = Number(event.data['progress']);
    const row = rows.get(String(event.data['nodeId']));
    const holds = row?.open === true && progress > row.progress && progress <= 1;
    this.expect(holds, () => `${this.place('DistributionProgressed', event)}: from ${row?.progress} to ${progress}`);
    if (row !== undefined) row.progress = progress;
  }

  private endRow(rows: ReadonlyMap<string, Row>, event: CloudEvent): void {
    const nodeId = String(event.data['nodeId']);
    const row = rows.get(nodeId);
    this.expect(row?.open === true, () => `${this.place('DistributionRowEnded', event)}: it had ended on ${nodeId}`);
    if (event.data['error'] === undefined) this.expectCached(event.subject, nodeId);
    if (row !== undefined) row.open = false;
  }

  private expectCached(id: string, nodeId: string): void {
    const image = this.imageOf.get(id) ?? '';
    this.expect(
      this.cachedOn.get(nodeId)?.has(image) === true,
      () => `${id} is done on ${nodeId}, which does not have ${image}`,
    );
  }

  private expect(holds: boolean, what: () => string): void {
    this.laws.expect('every row of a distribution ends once', holds, what);
  }

  private place(type: string, { subject, sequence }: CloudEvent): string {
    return `${type} of ${subject} at ${sequence}`;
  }
}

const imageIn = (data: Readonly<Record<string, unknown>>): string =>
  `${String(data['templateId'])}:${String(data['tag'])}`;
