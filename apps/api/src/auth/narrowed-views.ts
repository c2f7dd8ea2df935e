import type { NodeInUse, NodeView, TemplateRow, TemplateView } from '../views/index.js';
import type { Reach } from './reach.js';

type Row = { readonly id: string };

/** Shows only what the caller may list: what is out of its reach is not there for it. */
abstract class Narrowed<R extends Row> {
  constructor(
    private readonly all: { get(id: string): Promise<R | undefined>; list(): Promise<readonly R[]> },
    private readonly reach: () => Reach | undefined,
    private readonly type: 'node' | 'template',
  ) {}

  async get(id: string): Promise<R | undefined> {
    return this.sees(id) ? this.all.get(id) : undefined;
  }

  async list(): Promise<readonly R[]> {
    const rows = await this.all.list();
    return this.reach() === undefined ? rows : rows.filter(({ id }) => this.sees(id));
  }

  private sees(id: string): boolean {
    return this.reach()?.sees(this.type, id) ?? true;
  }
}

export class NarrowedNodes extends Narrowed<NodeInUse> implements NodeView {
  constructor(all: NodeView, reach: () => Reach | undefined) {
    super(all, reach, 'node');
  }
}

export class NarrowedTemplates extends Narrowed<TemplateRow> implements TemplateView {
  constructor(all: TemplateView, reach: () => Reach | undefined) {
    super(all, reach, 'template');
  }
}
