import { macNumber, macText } from '#domain';
import type { VmRow } from '../../../views/index.js';

/** A range of addresses as numbers, both ends included. */
export interface MacEnds {
  readonly from: number;
  readonly to: number;
}

export const sizeOf = ({ from, to }: MacEnds): number => to - from + 1;

/** The address that the VM has, or asks for while it waits; undefined: none of which anybody knows. */
export const macOf = ({ request, macAddress }: VmRow): string | undefined => request.macAddress ?? macAddress;

/** Those of the range that VMs hold, ascending. */
export function heldOf({ from, to }: MacEnds, vms: readonly VmRow[]): number[] {
  const held = new Set<number>();
  for (const vm of vms) {
    const address = vm.epoch === undefined ? undefined : macOf(vm);
    const number = address === undefined ? -1 : macNumber(address);
    if (number >= from && number <= to) held.add(number);
  }
  return [...held].sort((a, b) => a - b);
}

/** The first addresses behind `last`, of those that are held or, without such a list, of all. */
export function page(
  { from, to }: MacEnds,
  held: readonly number[] | undefined,
  limit: number,
  last?: number,
): string[] {
  const shown = (numbers: readonly number[]) => numbers.map((number) => macText(number).toUpperCase());
  if (held !== undefined) return shown(held.filter((number) => last === undefined || number > last).slice(0, limit));
  const first = last === undefined ? from : Math.max(from, last + 1);
  return shown(Array.from({ length: Math.max(0, Math.min(limit, to - first + 1)) }, (_, n) => first + n));
}
