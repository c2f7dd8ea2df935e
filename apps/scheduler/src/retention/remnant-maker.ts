import { type RecordedEvent, Survey } from '#domain';
import { RemnantDigest, type Clock, type EventLog, type Remnant, type LoggedEvent, type LogKeeper } from '#events';
import { EVENTS_PER_TURN, PAUSE_MS } from './limits.js';

/** The stored events are not those that were given to be stored. */
export class DraftDiffers extends Error {
  constructor(name: string, stored: number, given: number) {
    super(
      `The draft ${name} of a remnant holds ${stored} events, and must hold exactly the ${given} that were given to it`,
    );
    this.name = 'DraftDiffers';
  }
}

/** Makes a new remnant from the log as it is read from its beginning: remnant before, and what came since. Leaves others their turns. */
export class RemnantMaker {
  constructor(
    private readonly log: Pick<EventLog, 'follow' | 'incarnation'>,
    private readonly keeper: LogKeeper,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * A remnant through the last command that ends at `through` or before, stored and read back; undefined when there is none. It is not in
   * the place of the present one yet. The log must go on behind `through`.
   */
  async make(name: string, through: number): Promise<Remnant | undefined> {
    const survey = new Survey();
    const end = await this.survey(survey, through);
    if (end === 0) return undefined;
    const given = new RemnantDigest();
    const chunk: LoggedEvent[] = [];
    await this.read(1, end, async (event) => {
      if (event.recorded !== undefined && !survey.needs(event.recorded)) return;
      given.add(event);
      chunk.push(event);
      if (chunk.length < EVENTS_PER_TURN) return;
      await this.keeper.addToDraft(name, chunk.splice(0));
    });
    await this.keeper.addToDraft(name, chunk);
    const { events } = given;
    const digest = given.hex();
    await this.verify(name, events, digest);
    return { name, incarnation: await this.log.incarnation(), through: end, events, digest };
  }

  /** Reads whole commands, and says where the last one ended. */
  private async survey(survey: Survey, through: number): Promise<number> {
    let end = 0;
    const command: RecordedEvent[] = [];
    let last = 0;
    // The one behind tells whether the command of the last is complete.
    await this.read(1, through + 1, ({ sequence, recorded }) => {
      const isNext = recorded === undefined || command[0]?.cause.sequence !== recorded.cause.sequence;
      if (isNext) {
        for (const event of command.splice(0)) survey.read(event);
        end = last;
      }
      if (recorded !== undefined) command.push(recorded);
      last = sequence;
    });
    return end;
  }

  private async verify(name: string, events: number, digest: string): Promise<void> {
    const stored = new RemnantDigest();
    if (events > 0) {
      const feed = this.keeper.followDraft(name);
      await this.each(feed, (event) => {
        stored.add(event);
        return stored.events < events;
      });
    }
    if (stored.events !== events || stored.hex() !== digest) throw new DraftDiffers(name, stored.events, events);
  }

  private async read(from: number, to: number, look: (event: LoggedEvent) => unknown): Promise<void> {
    await this.each(this.log.follow(from), async (event) => {
      if (event.sequence <= to) await look(event);
      return event.sequence < to;
    });
  }

  /** Until `look` says no, in small portions. Throws when told to stop. */
  private async each(
    feed: ReturnType<EventLog['follow']>,
    look: (event: LoggedEvent) => boolean | Promise<boolean>,
  ): Promise<void> {
    const stop = () => feed.stop();
    this.signal.addEventListener('abort', stop, { once: true });
    let count = 0;
    try {
      for await (const event of feed) {
        if (!(await look(event))) break;
        if (++count % EVENTS_PER_TURN === 0) await this.clock.sleep(PAUSE_MS, this.signal);
      }
    } finally {
      this.signal.removeEventListener('abort', stop);
      feed.stop();
    }
    this.signal.throwIfAborted();
  }
}
