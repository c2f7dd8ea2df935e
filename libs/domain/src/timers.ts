/** Something of that id wants to be looked at then, unix ms. */
export interface Alarm<Id extends string> {
  readonly dueAt: number;
  readonly id: Id;
}

/**
 * The alarms that things of one kind have set, earliest first: a binary heap. A thing changes its mind by setting `dueAt` anew; the
 * outdated entry is recognised by whoever takes it, so nothing is ever searched.
 */
export class Timers<Id extends string> {
  private readonly heap: Alarm<Id>[] = [];

  add(dueAt: number, id: Id): void {
    this.heap.push({ dueAt, id });
    this.up(this.heap.length - 1);
  }

  /** The earliest alarm that is still meant; outdated ones are dropped on the way. */
  firstOf(things: ReadonlyMap<Id, { readonly dueAt?: number }>): Alarm<Id> | undefined {
    for (;;) {
      const first = this.first();
      if (first === undefined || things.get(first.id)?.dueAt === first.dueAt) return first;
      this.take();
    }
  }

  first(): Alarm<Id> | undefined {
    return this.heap[0];
  }

  take(): Alarm<Id> | undefined {
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
    const x = this.heap[a] as Alarm<Id>;
    const y = this.heap[b] as Alarm<Id>;
    return x.dueAt < y.dueAt || (x.dueAt === y.dueAt && x.id < y.id);
  }

  private swap(a: number, b: number): void {
    const kept = this.heap[a] as Alarm<Id>;
    this.heap[a] = this.heap[b] as Alarm<Id>;
    this.heap[b] = kept;
  }
}
