import { MAX_MACS_IN_POOL } from '../limits.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { isMacAddress, macNumber, macText } from './mac-address.js';
import type { MacCommand } from './mac-events.js';

const FIELD = 'mac_addr_range';
const GROUP_BIT = 2 ** 40;

/** Makes these the addresses that are given out, both ends included. What is so already is no change. */
export function fillMacPool(turn: Turn, command: Extract<MacCommand, { type: 'FillMacPool' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  const refusal = refuseMacRange(command);
  if (refusal !== undefined) return refusal;
  const [from, to] = [macNumber(command.from), macNumber(command.to)];
  const { macPool } = turn.cluster;
  if (macPool?.from === from && macPool.to === to) return undefined;
  turn.emit({ type: 'FillMacPool', from: macText(from), to: macText(to) });
  return undefined;
}

/** Why the range is none from which addresses can be given. */
export function refuseMacRange({ from, to }: { from: string; to: string }): Refusal | undefined {
  const invalid = (message: string): Refusal => ({ code: 'INVALID', field: FIELD, message });
  if (!isMacAddress(from) || !isMacAddress(to))
    return invalid('must be two addresses of six hexadecimal pairs with colons');
  const [first, last] = [macNumber(from), macNumber(to)];
  if (first > last) return invalid(`ends at ${to}: must not be before ${from}`);
  const size = last - first + 1;
  if (size > MAX_MACS_IN_POOL) return invalid(`has ${size} addresses: must have at most ${MAX_MACS_IN_POOL}`);
  const isOfGroups = [first, last].some((number) => Math.floor(number / GROUP_BIT) % 2 === 1);
  return isOfGroups ? invalid('has addresses of groups: the first pair must be even') : undefined;
}
