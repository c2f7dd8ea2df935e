/** Between a source that calls back and a reader that asks. One reader. */
export class DeliveryBuffer<T> {
  private items: T[] = [];
  private head = 0;
  private over = false;
  private failure: Error | undefined;
  private waiting: (() => void) | undefined;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    if (this.over) return;
    this.items.push(item);
    this.wake();
  }

  /** The next item, when there is one. */
  take(): T | undefined {
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined as T; // let go of its bytes
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    }
    return item;
  }

  /** The next item, as soon as there is one; undefined after `end()`. Throws after `fail()`, once all items are taken. */
  async wait(): Promise<T | undefined> {
    for (;;) {
      const item = this.take();
      if (item !== undefined || this.over) return item;
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
  }

  /** Nobody wants more; what was not taken is dropped. */
  end(): void {
    this.over = true;
    this.items = [];
    this.head = 0;
    this.wake();
  }

  fail(error: Error): void {
    this.failure = error;
    this.wake();
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = undefined;
  }
}
