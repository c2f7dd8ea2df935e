interface Timer {
  readonly dueAt: number;
  readonly vmId: string;
}

/**
 * The alarms that VMs have set, earliest first: a binary heap. A VM changes its mind by setting `dueAt` anew; the outdated entry is
 * recognised by whoever takes it, so nothing is ever searched.
 */
export class Timers {
  private readonly heap: Timer[] = [];

  add(dueAt: number, vmId: string): void {
    this.heap.push({ dueAt, vmId });
    this.up(this.heap.length - 1);
  }

  first(): Timer | undefined {
    return this.heap[0];
  }

  take(): Timer | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first !== undefined && last !== undefined && this.heap.length > 0) {
      this.heap[0] = last;
      this.down(0);
    }
    return first;
  }

  private up(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private down(index: number): void {
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < this.heap.length && this.before(left, least)) least = left;
      if (right < this.heap.length && this.before(right, least)) least = right;
      if (least === index) return;
      this.swap(index, least);
      index = least;
    }
  }

  /** Total order, by id among equals, so that every replica takes timers in the same order. */
  private before(a: number, b: number): boolean {
    const x = this.heap[a] as Timer;
    const y = this.heap[b] as Timer;
    return x.dueAt < y.dueAt || (x.dueAt === y.dueAt && x.vmId < y.vmId);
  }

  private swap(a: number, b: number): void {
    const kept = this.heap[a] as Timer;
    this.heap[a] = this.heap[b] as Timer;
    this.heap[b] = kept;
  }
}
