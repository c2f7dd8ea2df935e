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

/** What a point of priority is worth in time unless the operator says otherwise, ms. */
export const USUAL_AGEING_MS_PER_POINT = 3600;

/** The order that requests were promised: each point of priority counts as so much time, then by acceptance. */
export function orderKey({ sequence, priority, time }: Accepted, ageingMsPerPoint: number): OrderKey {
  return { key: time + priority * ageingMsPerPoint, sequence };
}

export function priorityIn(request: Readonly<Record<string, unknown>>): number {
  return typeof request['priority'] === 'number' ? request['priority'] : USUAL_PRIORITY;
}

export const isEarlier = (a: OrderKey, b: OrderKey): boolean =>
  a.key < b.key || (a.key === b.key && a.sequence < b.sequence);
