import type { DistributionId, NodeId } from '../ids.js';
import { cacheKey, type Node } from '../node/node.js';
import type { TemplateImage } from '../template/template.js';

/** The order to bring a template version to nodes before anybody asks for a VM of it. */
export interface Distribution {
  readonly id: DistributionId;
  readonly templateId: string;
  readonly tag: string;
  /** 0-based number of the version. */
  readonly version: number;
  readonly image: TemplateImage;
  /** Unix ms. */
  readonly requestedAt: number;
  /** How far each node is. */
  readonly nodes: Map<NodeId, DistributionRow>;
  /** Rows that have not ended; 0: it is finished. */
  unfinished: number;
  /** When the rows that have not ended are given up, unix ms; absent once it is finished. */
  dueAt?: number;
}

/** One node's part. It has ended when it is done or has an error. */
export interface DistributionRow {
  /** 0–1. */
  progress: number;
  done: boolean;
  error?: string;
}

/** What the vendor says of rows that a cancellation ended (anka.md §1.3). */
export const CANCELED = 'request canceled';
export const WRONG_ARCHITECTURE = 'the node has another architecture than the template';

export const hasEnded = (row: DistributionRow): boolean => row.done || row.error !== undefined;

/** Whether the node has the version, as far as is known, and is not about to give it up. */
export function holds(node: Node, templateId: string, tag: string): boolean {
  const key = cacheKey(templateId, tag);
  return node.cached.has(key) && !node.removals.has(key);
}
