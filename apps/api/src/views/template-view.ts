import type { Arch, TemplateVersion } from '#domain';

/** One template of the registry, folded from the events about it. A deleted one has no row. Times are unix ms. */
export interface TemplateRow {
  readonly id: string;
  /** Sequence of the last event in this row. */
  readonly sequence: number;
  readonly name: string;
  readonly arch: Arch;
  /** By number, ascending; the latest is the last. Never empty. */
  readonly versions: readonly TemplateVersion[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Templates as of the last sequence that the projection has reached. Every method throws `Unavailable` when the store is away. */
export interface TemplateView {
  get(id: string): Promise<TemplateRow | undefined>;
  /** In the order of their names, then ids. */
  list(): Promise<readonly TemplateRow[]>;
}
