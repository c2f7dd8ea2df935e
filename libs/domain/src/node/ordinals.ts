import { Heap } from '../heap.js';

/** Small numbers for nodes, so that sets of nodes can be bits. The least that is free is given next, and numbers come back. */
export class Ordinals {
  private readonly returned = new Heap<number>((a, b) => a < b);
  private next = 0;

  take(): number {
    return this.returned.take() ?? this.next++;
  }

  give(ordinal: number): void {
    this.returned.add(ordinal);
  }
}
