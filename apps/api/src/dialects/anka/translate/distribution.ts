import type { DistributionPart, DistributionRow } from '../../../views/index.js';
import type { DistributionDto, DistributionPartDto } from '../dto/distribution.dto.js';
import { timeOf } from './time.js';

/** A distribution as the vendor shows it (anka.md §3.8), and with it what it came down to and when each node last moved. */
export function distributionOf(row: DistributionRow): DistributionDto {
  return {
    request: {
      request_id: row.id,
      template_id: row.templateId,
      tag: row.tag,
      version: row.version,
      time_requested: timeOf(row.requestedAt),
    },
    distribute_status: Object.fromEntries(
      row.nodeIds.map((nodeId, place) => [nodeId, partOf(row.parts[place] as DistributionPart)] as const),
    ),
  };
}

/** The whole of it without `status` would mean that it never ends, so it is shown as a little less. */
const ALMOST = 0.99;

function partOf({ done, progress, error, updatedAt }: DistributionPart): DistributionPartDto {
  const shown = done ? 1 : Math.min(progress, ALMOST);
  return { status: done, progress: shown, ...(error !== undefined && { error }), ts: timeOf(updatedAt) };
}
