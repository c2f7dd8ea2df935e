/** One message between a client and the in-memory server. */
export interface Leg {
  /** Name of the client's link. */
  readonly client: string;
  readonly direction: 'to-server' | 'to-client';
  /** `request` and `answer` belong together; `delivery` brings a feed or a watch forward; `core` is fire and forget. */
  readonly kind: 'request' | 'answer' | 'delivery' | 'core';
  readonly subject: string;
}

/**
 * Decides what becomes of a message: its delay in ms, or `lost`. One link keeps its order per direction, as a TCP connection does. A
 * lost delivery is made up for after a while, as an ordered consumer does; everything else that is lost is gone.
 */
export type Network = (leg: Leg) => number | 'lost';

/** Everything arrives at once. */
export const perfectNetwork: Network = () => 0;
