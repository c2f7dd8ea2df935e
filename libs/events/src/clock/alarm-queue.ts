/** An alarm that has not gone off. `order` decides between alarms of the same time: first set, first fired. */
export interface PendingAlarm {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** The earliest alarm first: a binary heap. A cancelled alarm (no callback) stays until it is on top. */
export class AlarmQueue {
  private readonly heap: PendingAlarm[] = [];

  add(alarm: PendingAlarm): void {
    let place = this.heap.push(alarm) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!earlier(alarm, this.heap[parent]!)) break;
      this.heap[place] = this.heap[parent]!;
      place = parent;
    }
    this.heap[place] = alarm;
  }

  first(): PendingAlarm | undefined {
    while (this.heap[0] !== undefined && this.heap[0].callback === undefined) this.removeFirst();
    return this.heap[0];
  }

  removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && earlier(this.heap[child + 1]!, this.heap[child]!)) child++;
      if (!earlier(this.heap[child]!, last)) break;
      this.heap[place] = this.heap[child]!;
      place = child;
    }
    this.heap[place] = last;
  }
}

const earlier = (a: PendingAlarm, b: PendingAlarm): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
