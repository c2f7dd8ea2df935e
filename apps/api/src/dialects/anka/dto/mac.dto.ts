import { OptionalFlagText, OptionalInteger, OptionalText } from './lenient.dto.js';

/** Addresses in one answer at most. */
export const MAX_MACS_PER_PAGE = 10_000;

/** Query of GET /api/v1/macaddr. */
export class MacQueryDto {
  /** 1: how many there are. */
  @OptionalFlagText()
  count?: boolean;

  /** 1: only those that instances hold. */
  @OptionalFlagText()
  in_use?: boolean;

  /** A list of so many, instead of a count. */
  @OptionalInteger(1, MAX_MACS_PER_PAGE)
  limit?: number;

  /** The list goes on behind this address. */
  @OptionalText()
  last?: string;
}
