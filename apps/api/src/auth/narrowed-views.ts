import type {
  DistributionRow,
  DistributionView,
  ImageRow,
  ImageView,
  NodeInUse,
  NodeView,
  TemplateRow,
  TemplateView,
  VmFilter,
  VmRow,
  VmView,
} from '../views/index.js';
import type { Reach } from './reach.js';

type ReachNow = () => Reach | undefined;

interface Rows<R, F> {
  get(id: string): Promise<R | undefined>;
  list(filter?: F): Promise<readonly R[]>;
}

/** Shows only what the caller may list: what is out of its reach is not there for it. */
class Narrowed<R, F = never> implements Rows<R, F> {
  constructor(
    private readonly all: Rows<R, F>,
    private readonly reach: ReachNow,
    /** What is left of the row within a reach. */
    private readonly within: (row: R, reach: Reach) => R | undefined,
  ) {}

  async get(id: string): Promise<R | undefined> {
    const row = await this.all.get(id);
    const reach = this.reach();
    return row === undefined || reach === undefined ? row : this.within(row, reach);
  }

  async list(filter?: F): Promise<readonly R[]> {
    const rows = await this.all.list(filter);
    const reach = this.reach();
    return reach === undefined ? rows : rows.map((row) => this.within(row, reach)).filter((row) => row !== undefined);
  }
}

export class NarrowedNodes extends Narrowed<NodeInUse> implements NodeView {
  constructor(all: NodeView, reach: ReachNow) {
    super(all, reach, (row, { sees }) => (sees('node', row.id) ? row : undefined));
  }
}

export class NarrowedTemplates extends Narrowed<TemplateRow> implements TemplateView {
  constructor(all: TemplateView, reach: ReachNow) {
    super(all, reach, (row, { sees }) => (sees('template', row.id) ? row : undefined));
  }
}

/** The VMs of the templates that the caller sees. */
export class NarrowedVms extends Narrowed<VmRow, VmFilter> implements VmView {
  constructor(all: VmView, reach: ReachNow) {
    super(all, reach, (row, { sees }) => (sees('template', row.image.templateId) ? row : undefined));
  }
}

/** Saves as templates that the caller sees. */
export class NarrowedImages extends Narrowed<ImageRow> implements ImageView {
  constructor(all: ImageView, reach: ReachNow) {
    super(all, reach, (row, { sees }) => (sees('template', row.order.templateId) ? row : undefined));
  }
}

/** Distributions of templates that the caller sees, to the nodes that it sees. */
export class NarrowedDistributions extends Narrowed<DistributionRow> implements DistributionView {
  constructor(all: DistributionView, reach: ReachNow) {
    super(all, reach, (row, { sees }) => {
      if (!sees('template', row.templateId)) return undefined;
      const isSeen = row.nodeIds.map((id) => sees('node', id));
      return {
        ...row,
        nodeIds: row.nodeIds.filter((_, place) => isSeen[place]),
        parts: row.parts.filter((_, place) => isSeen[place]),
      };
    });
  }
}
