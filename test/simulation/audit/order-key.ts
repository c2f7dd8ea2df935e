/** A VM's place among those who wait: the smaller key is served first, and of equal keys the one accepted first. */
export interface OrderKey {
  readonly key: number;
  readonly sequence: number;
}

export interface Accepted {
  readonly sequence: number;
  /** Unix ms. */
  readonly time: number;
  readonly priority: number;
}

/** Priority of a request that names none. */
const USUAL_PRIORITY = 1000;

/** The order that requests were promised: by priority, and by acceptance among equals. */
export function orderKey({ sequence, priority }: Accepted): OrderKey {
  return { key: priority, sequence };
}

export function priorityIn(request: Readonly<Record<string, unknown>>): number {
  return typeof request['priority'] === 'number' ? request['priority'] : USUAL_PRIORITY;
}

export const isEarlier = (a: OrderKey, b: OrderKey): boolean =>
  a.key < b.key || (a.key === b.key && a.sequence < b.sequence);
