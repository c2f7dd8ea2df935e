import type { Alarm, Clock } from '../ports/clock.js';
import { AlarmQueue, type PendingAlarm } from './alarm-queue.js';
import { reasonOf } from './abort-reason.js';
import { settled } from './settle.system.js';

/**
 * A clock that stands still until it is told to move. Alarms fire in the order of their time, and of their setting when the time is
 * the same; after each, everything that waits on promises alone runs to its end, so that a run depends on nothing but its inputs.
 */
export class VirtualClock implements Clock {
  private readonly alarms = new AlarmQueue();
  private set = 0;

  /** `time`: unix ms at which it stands at first. */
  constructor(private time = 0) {}

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): Alarm {
    const alarm: PendingAlarm = { at: this.time + Math.max(0, ms), order: this.set++, callback };
    this.alarms.add(alarm);
    return { cancel: () => (alarm.callback = undefined) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(reasonOf(signal));
      const abort = (): void => {
        alarm.cancel();
        reject(reasonOf(signal));
      };
      const alarm = this.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** When the next alarm is due, unix ms; undefined when none is set. */
  get nextAt(): number | undefined {
    return this.alarms.first()?.at;
  }

  /** Moves to the next alarm and fires it alone. False, at the same time, when none is set. */
  async next(): Promise<boolean> {
    await settled();
    const fired = this.fireFirst(Infinity);
    if (fired) await settled();
    return fired;
  }

  /** Moves to this time, firing what is due on the way. Never goes back. */
  async advanceTo(time: number): Promise<void> {
    await settled();
    while (this.fireFirst(time)) await settled();
    this.time = Math.max(this.time, time);
  }

  async advanceBy(ms: number): Promise<void> {
    await this.advanceTo(this.time + ms);
  }

  private fireFirst(until: number): boolean {
    const alarm = this.alarms.first();
    if (alarm === undefined || alarm.at > until) return false;
    this.alarms.removeFirst();
    this.time = Math.max(this.time, alarm.at);
    const { callback } = alarm;
    alarm.callback = undefined;
    callback?.();
    return true;
  }
}
