/** A binary heap: what comes first by `before` is found at once; adding and taking cost O(log n). */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  /** All, in no order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.items.values();
  }

  add(item: T): void {
    let index = this.items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.items[parent] as T;
      if (!this.before(item, above)) break;
      this.items[index] = above;
      index = parent;
    }
    this.items[index] = item;
  }

  take(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
    return first;
  }

  /** Drops everything else. Costs O(n). */
  keep(wanted: (item: T) => boolean): void {
    const kept = this.items.filter(wanted);
    this.items.length = 0;
    for (const item of kept) this.add(item);
  }

  /** Puts the item at the top and lets it sink to its place. */
  private sink(item: T): void {
    const { items } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.before(items[child + 1] as T, items[child] as T)) child++;
      if (!this.before(items[child] as T, item)) break;
      items[index] = items[child] as T;
      index = child;
    }
    items[index] = item;
  }
}
