import type { Watch } from '../ports/desired-state.js';
import type { ProjectionSignal } from '../ports/projection-signal.js';
import { PROJECTION_SUBJECT } from '../subjects.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryProjectionSignal implements ProjectionSignal {
  constructor(private readonly link: MemoryLink) {}

  announce(sequence: number): void {
    this.link.publish(PROJECTION_SUBJECT, String(sequence));
  }

  subscribe(onProgress: (sequence: number) => void): Watch {
    return { stop: this.link.subscribe(PROJECTION_SUBJECT, (text) => onProgress(Number(text))) };
  }
}
