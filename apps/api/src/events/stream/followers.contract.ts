import type { RecordedEvent } from '#domain';
import { MemoryEventLog, MemoryNats, settled, VirtualClock } from '#events/testing';
import { FleetHistory } from '../../../../../test/support/fleet-history.js';
import { archived, type ArchivedEvent } from '../../archive/archived-event.js';
import { MemoryArchive } from '../../archive/memory-archive.js';
import type { EventFilter } from '../event-query.dto.js';
import type { Follower, Wire } from './follower.js';
import { Followers, type FollowersParts, type Seat } from './followers.js';
import { fitting } from './live-event.js';

/** A connection that takes so many writes and is then full until it is drained. */
export class ScriptedWire implements Wire {
  text = '';
  ended = false;
  cutOff = false;
  /** Writes that it takes before it is full. */
  room = Infinity;

  write(bytes: Buffer): boolean {
    if (this.ended || this.cutOff) throw new Error('written to after its end');
    this.text += bytes.toString();
    this.room--;
    return this.room > 0;
  }

  end(bytes: Buffer): void {
    this.text += bytes.toString();
    this.ended = true;
  }

  cut(): void {
    this.cutOff = true;
  }

  /** Sequences of the events that were told, without bookmarks. */
  get told(): number[] {
    return [...this.text.matchAll(/^id: (\d+)\nevent: (?!bookmark)/gm)].map(([, id]) => Number(id));
  }
}

/** A log, an archive that follows it when it is told to, and followers of both. */
export class World {
  readonly clock = new VirtualClock(Date.UTC(2026, 2, 1, 10));
  readonly nats = new MemoryNats(this.clock);
  readonly archive = new MemoryArchive();
  readonly troubles: string[] = [];
  readonly followers: Followers;
  private readonly history = new FleetHistory({ seed: 5, nodes: 2 });
  private readonly writer = new MemoryEventLog(this.nats.connect('writer')).appender(0);
  private readonly stopped = new AbortController();
  private readonly waiting: RecordedEvent[];
  private running: Promise<void>;

  constructor(parts: Partial<FollowersParts> = {}) {
    this.waiting = this.history.found();
    const log = new MemoryEventLog(this.nats.connect('reader'));
    const onTrouble = (trouble: string) => void this.troubles.push(trouble);
    this.followers = new Followers({ log, archive: this.archive, clock: this.clock, onTrouble, ...parts });
    this.running = this.followers.run(this.stopped.signal);
  }

  /** So many events more in the log. */
  async happen(count: number): Promise<void> {
    while (this.waiting.length < count) this.waiting.push(...this.history.tick());
    await this.writer.append(this.waiting.splice(0, count));
    await this.pass(1);
  }

  /** The archive gets so far. */
  async archiveTo(sequence: number): Promise<void> {
    for (let next = (await this.archive.extent()).last + 1; next <= sequence; next++)
      this.archive.events.push(this.event(next));
  }

  get last(): number {
    return this.nats.events.last;
  }

  event(sequence: number): ArchivedEvent {
    return archived({ sequence, raw: this.nats.events.at(sequence).text });
  }

  /** What somebody must hear who asks for this after that place. */
  due(after: number, filter: EventFilter = {}): number[] {
    const fits = fitting(filter);
    const all = Array.from({ length: this.last - after }, (_, n) => this.event(after + n + 1));
    return all.filter(fits).map(({ sequence }) => sequence);
  }

  async follow(after: number | undefined, filter: EventFilter = {}, recheck = async () => undefined as void) {
    const wire = new ScriptedWire();
    const seat = this.followers.takeSeat();
    const place = await this.followers
      .placeFor(after)
      .catch((error: unknown) => (seat.leave(), Promise.reject(error as Error)));
    const follower = seat.follow({ wire, filter, place, recheck });
    await this.pass(1);
    return { wire, seat, follower, place } satisfies {
      wire: ScriptedWire;
      seat: Seat;
      follower: Follower;
      place: number;
    };
  }

  async pass(ms: number): Promise<void> {
    await settled();
    await this.clock.advanceBy(ms);
    await settled();
  }

  async end(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }
}
