import type { SmallRow } from '../views/index.js';
import { foldApiKey, foldPermissionGroup } from './fold-access.js';
import { foldDistribution } from './fold-distribution.js';
import { foldGroup } from './fold-group.js';
import { foldMacPool } from './fold-mac-pool.js';
import { foldImage } from './fold-image.js';
import { foldNode } from './fold-node.js';
import { foldTemplate } from './fold-template.js';
import { foldVm } from './fold-vm.js';

/**
 * The kinds of rows: the noun of the events that a row is folded from, and the fold. A new small kind is one line here and its table's
 * name in a migration; `columns.postgres.ts` names what a larger one is selected by.
 */
export const FOLDS = {
  vm: foldVm,
  node: foldNode,
  template: foldTemplate,
  group: foldGroup,
  distribution: foldDistribution,
  macPool: foldMacPool,
  image: foldImage,
  apikey: foldApiKey,
  permission: foldPermissionGroup,
};

export type Kind = keyof typeof FOLDS;
export const KINDS = Object.keys(FOLDS) as readonly Kind[];

/** What a row of each kind looks like. */
export type RowOf = { readonly [K in Kind]: NonNullable<ReturnType<(typeof FOLDS)[K]>> };

/** The kinds whose tables hold nothing beside the document. */
export type SmallKind = { [K in Kind]: RowOf[K] extends SmallRow ? K : never }[Kind];

/** One value per kind. */
export function perKind<T extends Readonly<Record<Kind, unknown>>>(make: (kind: Kind) => T[Kind]): T {
  return Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as T;
}
