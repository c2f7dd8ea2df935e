import type { Alarm } from '#events';
import type { Lane } from './lane/lane.js';

/** A lane with what this process knows of its seat. */
export interface HeldLane {
  readonly lane: Lane;
  /** Until when the seat is surely ours, unix ms; nothing is sent later. */
  until: number;
  /** Nothing more is sent: the seat is to be given back. */
  leaving: boolean;
  /** The version of the endpoint that was asked to be disabled; whoever changes it makes another one. */
  disabling: number | undefined;
  alarm: { readonly at: number; readonly alarm: Alarm } | undefined;
}
