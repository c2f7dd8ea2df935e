import { Heap } from './heap.js';

/** Something of that id wants to be looked at then, unix ms. */
export interface Alarm<Id extends string> {
  readonly dueAt: number;
  readonly id: Id;
}

/**
 * The alarms that things of one kind have set, earliest first. A thing changes its mind by setting `dueAt` anew; the
 * outdated entry is recognised by whoever takes it, so nothing is ever searched.
 */
export class Timers<Id extends string> {
  private readonly heap = new Heap<Alarm<Id>>(isEarlier);

  add(dueAt: number, id: Id): void {
    this.heap.add({ dueAt, id });
  }

  /** The earliest alarm that is still meant; outdated ones are dropped on the way. */
  firstOf(dueAtOf: (id: Id) => number | undefined): Alarm<Id> | undefined {
    for (;;) {
      const first = this.first();
      if (first === undefined || dueAtOf(first.id) === first.dueAt) return first;
      this.take();
    }
  }

  first(): Alarm<Id> | undefined {
    return this.heap.first;
  }

  take(): Alarm<Id> | undefined {
    return this.heap.take();
  }
}

/** Total order, by id among equals, so that every replica takes timers in the same order. */
const isEarlier = (a: Alarm<string>, b: Alarm<string>): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.id < b.id);
