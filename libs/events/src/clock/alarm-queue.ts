import { Heap } from '#domain';

/** An alarm that has not gone off. `order` decides between alarms of the same time: first set, first fired. */
export interface PendingAlarm {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** The earliest alarm first. A cancelled alarm (no callback) stays until it is on top. */
export class AlarmQueue {
  private readonly heap = new Heap<PendingAlarm>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));

  add(alarm: PendingAlarm): void {
    this.heap.add(alarm);
  }

  first(): PendingAlarm | undefined {
    while (this.heap.first !== undefined && this.heap.first.callback === undefined) this.heap.take();
    return this.heap.first;
  }

  removeFirst(): void {
    this.heap.take();
  }
}
