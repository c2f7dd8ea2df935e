import { isMacAddress, refuseMacRange } from '#domain';
import { type Environment, readSettings } from '#events';

/** Which MAC addresses this installation gives out, and how often it makes sure. */
export interface MacRange {
  readonly from: string;
  readonly to: string;
  /** 0: never by itself. */
  readonly fillEveryMs: number;
}

/** Undefined when addresses are not managed. Throws when they are and the range is none. */
export function readMacRange(env: Environment): MacRange | undefined {
  const settings = readSettings(env, [
    'ANKA_MANAGE_MAC_ADDRESSES',
    'ANKA_MAC_ADDR_RANGE',
    'ANKA_FILL_MAC_ADDRESS_RANGE_INTERVAL',
  ]);
  if (!settings.ANKA_MANAGE_MAC_ADDRESSES) return undefined;
  const text = settings.ANKA_MAC_ADDR_RANGE ?? '';
  const [from = '', to = '', ...more] = text.split('-').map((end) => end.trim());
  const isRange = isMacAddress(from) && isMacAddress(to) && more.length === 0;
  const refusal = isRange ? refuseMacRange({ from, to }) : undefined;
  if (!isRange || refusal !== undefined) {
    const why =
      refusal !== undefined && 'message' in refusal ? refusal.message : 'must be two MAC addresses with - between';
    throw new Error(`Cannot read setting ANKA_MAC_ADDR_RANGE: "${text}" ${why}`);
  }
  return { from, to, fillEveryMs: settings.ANKA_FILL_MAC_ADDRESS_RANGE_INTERVAL };
}
