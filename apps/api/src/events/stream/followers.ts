import { type Alarm, type Clock, type EventLog, Unavailable } from '#events';
import type { ArchiveReader } from '../../archive/archive-reader.js';
import { Forbidden, Unauthenticated } from '../../auth/failures.js';
import { Problem } from '../../shell/problem.js';
import type { EventFilter } from '../event-query.dto.js';
import { Batches } from './batches.js';
import { Follower, type Wire } from './follower.js';
import { LiveTail } from './live-tail.js';
import { Past } from './past.js';
import { Ring, type RingLimits } from './ring.js';

/** Followers that one process takes unless its operator says otherwise. Each costs some 30 KB. */
export const MAX_FOLLOWERS = 2_000;
/** When a client that found no room should come back, s. */
export const FULL_RETRY_AFTER_S = 10;
/** How often each follower is looked at: for signs of life, and whether it may still be there. */
const LOOK_EVERY_MS = 1_000;
/** How often a follower's credentials are checked again. */
export const RECHECK_MS = 30_000;
/** Checks under way at once; a thousand that came together are spread over some seconds. */
const RECHECKS_AT_ONCE = 20;
/** For how long a follower stays while nobody can say whether its credentials still count. */
export const UNCHECKED_LIMIT_MS = 300_000;
/** Followers written to between two rests. */
const WRITTEN_TO_AT_ONCE = 100;
/** The longest of these rests, ms. */
const LONGEST_REST_MS = 25;

export interface FollowersParts {
  readonly log: Pick<EventLog, 'follow' | 'lastSequence'>;
  readonly archive: Pick<ArchiveReader, 'find' | 'extent'>;
  readonly clock: Clock;
  /** Something is wrong that followers do not see. */
  readonly onTrouble: (message: string) => void;
  readonly maxFollowers?: number;
  readonly ring?: RingLimits;
}

/** A place among the followers, which must be given back unless it is used. */
export interface Seat {
  follow(follow: { wire: Wire; filter: EventFilter; place: number; recheck: () => Promise<void> }): Follower;
  leave(): void;
}

interface Seated {
  readonly recheck: () => Promise<void>;
  checkedAt: number;
  lookedAt: number;
}

/** All clients that follow the log through this process. */
export class Followers {
  private readonly followers = new Map<Follower, Seated>();
  private readonly tail: LiveTail;
  private readonly past: Past;
  private readonly batches = new Batches();
  private taken = 0;
  private checking = 0;
  private round: Alarm | undefined;
  private looking: Alarm | undefined;
  private restUntil = 0;
  /** Something came since the last round began. */
  private isNews = false;
  private isOver = false;
  /** Events sent since the process began, each follower counted. */
  sentEvents = 0;

  constructor(private readonly parts: FollowersParts) {
    this.tail = new LiveTail(parts.log, parts.clock, (base) => new Ring(base, parts.ring));
    this.past = new Past(parts.archive);
  }

  get count(): number {
    return this.taken;
  }

  /** Events that the follower who is furthest behind has before it. */
  get lag(): number {
    let most = 0;
    for (const follower of this.followers.keys()) most = Math.max(most, follower.lag);
    return most;
  }

  /** Sequence of the last event that somebody may have heard of; 0 before anybody followed. */
  get toldUpTo(): number {
    return this.tail.ring?.last ?? 0;
  }

  /** For as long as the process takes requests. */
  async run(signal: AbortSignal): Promise<void> {
    const { onTrouble } = this.parts;
    await this.tail.run(signal, {
      more: () => this.startRound(),
      lost: () => this.endAll('the log was replaced by another one'),
      trouble: onTrouble,
    });
    this.close();
  }

  /** Ends all streams: their clients go on with another replica, or with the next process. */
  close(): void {
    this.isOver = true;
    this.round?.cancel();
    this.looking?.cancel();
    this.endAll('the server stops');
  }

  /** Throws a 503 when there is no place. */
  takeSeat(): Seat {
    const { maxFollowers = MAX_FOLLOWERS } = this.parts;
    if (this.isOver) throw noPlace('This process stops');
    if (this.taken >= maxFollowers) throw noPlace(`This process takes ${maxFollowers} at once`);
    this.taken++;
    let follower: Follower | undefined;
    let isTaken = true;
    return {
      follow: (asked) => (follower = this.seat(asked)),
      leave: () => {
        follower?.over();
        if (follower !== undefined) this.followers.delete(follower);
        if (isTaken) this.taken--;
        isTaken = false;
      },
    };
  }

  /** Where somebody begins who has everything up to `after`; without it, now. Throws a 410 when the log does not go on from there. */
  async placeFor(after: number | undefined): Promise<number> {
    const ring = await this.tail.open();
    if (after !== undefined && after <= ring.last && ring.reaches(after)) return after;
    const last = await this.parts.log.lastSequence();
    if (after === undefined) return last;
    if (after > last) throw gone(after, { last });
    if (ring.reaches(after)) return after;
    const before = await this.past.reachesBackTo();
    if (after < before) throw gone(after, { first: before + 1 });
    return after;
  }

  private seat({ wire, filter, place, recheck }: Parameters<Seat['follow']>[0]): Follower {
    const { clock, onTrouble } = this.parts;
    const sources = {
      ...{ clock, past: this.past, batches: this.batches, trouble: onTrouble, ring: () => this.tail.ring },
      sent: (events: number) => void (this.sentEvents += events),
    };
    const follower = new Follower(sources, wire, filter, place);
    this.followers.set(follower, { recheck, checkedAt: clock.now(), lookedAt: clock.now() });
    if (this.isOver) follower.end('the server stops');
    else follower.pump();
    this.lookLater();
    return follower;
  }

  /**
   * Writes to everybody what came, some at a time, and rests after each of these for as long as it took: what comes meanwhile is written
   * together. So a thousand followers cost half of a core at most, each waits its turn and not for all others, and one hears at once.
   */
  private startRound(): void {
    this.isNews = true;
    if (this.round !== undefined || this.isOver) return;
    this.rest(() => {
      this.isNews = false;
      this.writeToSome(this.followers.keys());
    });
  }

  private writeToSome(left: Iterator<Follower>): void {
    const { clock } = this.parts;
    const began = clock.now();
    let isLast = false;
    for (let n = 0; n < WRITTEN_TO_AT_ONCE && !isLast; n++) {
      const next = left.next();
      if (next.done === true) isLast = true;
      else next.value.pump();
    }
    const now = clock.now();
    this.restUntil = now + Math.min(now - began, LONGEST_REST_MS);
    if (!isLast) return this.rest(() => this.writeToSome(left));
    this.round = undefined;
    if (this.isNews) this.startRound();
  }

  private rest(then: () => void): void {
    const { clock } = this.parts;
    this.round = clock.after(Math.max(0, this.restUntil - clock.now()), then);
  }

  /** Looks at every follower, again and again for as long as there is one. */
  private lookLater(): void {
    const { clock } = this.parts;
    if (this.looking !== undefined || this.isOver || this.followers.size === 0) return;
    this.looking = clock.after(LOOK_EVERY_MS, () => {
      this.looking = undefined;
      for (const [follower, seated] of this.followers) {
        follower.beat();
        const isDue = clock.now() - seated.lookedAt >= RECHECK_MS;
        if (isDue && this.checking < RECHECKS_AT_ONCE) void this.check(follower, seated);
      }
      this.lookLater();
    });
  }

  private async check(follower: Follower, seated: Seated): Promise<void> {
    const { clock, onTrouble } = this.parts;
    this.checking++;
    seated.lookedAt = clock.now();
    try {
      await seated.recheck();
      seated.checkedAt = clock.now();
    } catch (error) {
      if (error instanceof Unauthenticated || error instanceof Forbidden)
        follower.end('the credentials no longer count');
      else if (clock.now() - seated.checkedAt >= UNCHECKED_LIMIT_MS) follower.end('the credentials cannot be checked');
      else if (!(error instanceof Unavailable)) onTrouble(String(error));
    } finally {
      this.checking--;
    }
  }

  private endAll(why: string): void {
    for (const follower of this.followers.keys()) follower.end(why);
  }
}

function noPlace(why: string): Problem {
  const retry = { 'retry-after': String(FULL_RETRY_AFTER_S) };
  const code = 'TOO_MANY_FOLLOWERS';
  return new Problem(503, 'No more clients can follow here', `${why}; ask again, or another replica`, { code }, retry);
}

function gone(after: number, known: { first?: number; last?: number }): Problem {
  const detail =
    known.last === undefined
      ? `Events after ${after} are asked for: those before ${known.first} are kept no longer`
      : `Events after ${after} are asked for: the log ends with ${known.last}, so it is another one than the client has read`;
  return new Problem(
    410,
    'The stream does not go on from there',
    `${detail}. Read the state anew and follow from now`,
    {
      code: 'POSITION_GONE',
      ...known,
    },
  );
}
