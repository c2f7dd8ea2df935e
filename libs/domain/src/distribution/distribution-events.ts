import type { DistributionId, NodeId, TemplateId } from '../ids.js';
import type { TemplateImage } from '../template/template.js';

/** Facts about one distribution. */
export type DistributionEvent =
  | DistributeTemplateToNodesEvent
  /** A node has pulled this much of it, 0–1 in tenths. */
  | { type: 'DistributionProgressed'; distributionId: DistributionId; nodeId: NodeId; progress: number }
  /** One node has it, or, with an error, will not get it by this distribution. */
  | { type: 'DistributionRowEnded'; distributionId: DistributionId; nodeId: NodeId; error?: string }
  /** Ends every row that has not ended. */
  | { type: 'CancelDistribution'; distributionId: DistributionId }
  /** The same, with that error, because it cannot or need not go on. */
  | { type: 'DistributionAborted'; distributionId: DistributionId; error: string }
  /** It had finished, and newer ones need its place. */
  | { type: 'DistributionForgotten'; distributionId: DistributionId };

/** The distribution was accepted. Each node that was meant is in one of the three lists. */
export interface DistributeTemplateToNodesEvent {
  type: 'DistributeTemplateToNodes';
  distributionId: DistributionId;
  templateId: TemplateId;
  tag: string;
  version: number;
  image: TemplateImage;
  /** Have to pull it. */
  nodeIds: readonly NodeId[];
  /** Have it already. */
  cachedOn: readonly NodeId[];
  /** Have another architecture. */
  unfit: readonly NodeId[];
}

/** What operators ask of distributions. */
export type DistributionCommand =
  DistributeTemplateToNodesCommand | { type: 'CancelDistribution'; distributionId: string };

/** Means these nodes, or the members of the group, or, with neither, all nodes. Of the template: the tag, the version, or the latest. */
export interface DistributeTemplateToNodesCommand {
  type: 'DistributeTemplateToNodes';
  distributionId: string;
  templateId: string;
  tag?: string;
  version?: number;
  nodeIds?: readonly string[];
  groupId?: string;
}

/** What a node says of its part in a distribution; that it has the template it says with `ReportTemplatePulled`. */
export type DistributionReport = { nodeId: string; distributionId: string } & (
  | { type: 'ReportTemplatePullProgress'; progress: number }
  /** It has tried often enough. */
  | { type: 'ReportTemplatePullFailed'; message: string }
);
