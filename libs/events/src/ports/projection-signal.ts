import type { Watch } from './desired-state.js';

/** How far a projection, or the archive, is: told after each commit, so that a door knows when its client's write can be read (law 5). */
export interface ProjectionSignal {
  announce(sequence: number): void;
  subscribe(onProgress: (sequence: number) => void): Watch;
}
