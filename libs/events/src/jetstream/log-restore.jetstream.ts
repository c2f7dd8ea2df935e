import type { JetStreamManager } from '@nats-io/jetstream';
import { COMMANDS_STREAM, EVENTS_STREAM, REMNANT_STREAM, token } from '../subjects.js';
import { RemnantDigest } from '../wire/log-remnant-text.js';
import { JetStreamEventLog } from './event-log.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { JetStreamLogKeeper } from './log-keeper.jetstream.js';
import { ensureStreams, infoOf, makeUnlocked, managerOf } from './streams.jetstream.js';
import { EXPECTED_LAST_SEQUENCE, MESSAGE_ID, WireHeaders } from './wire-headers.jetstream.js';

/** Events on their way to the server at most. */
const MAX_IN_FLIGHT = 2_000;
/** Stands for an event that there never was, until it is deleted. */
const FILLER_SUBJECT = 'muster.evt.cluster.cluster.Hole';

/** An event of another log. */
export interface RestoredEvent {
  readonly sequence: number;
  readonly noun: string;
  readonly subjectId: string;
  readonly type: string;
  /** As it was stored there, and will be here. */
  readonly text: string;
}

class NotEmpty extends Error {
  constructor(what: string) {
    super(
      `Cannot import: ${what} and must be empty. Import into a NATS server that is new, before anything else is started`,
    );
  }
}

/**
 * Fills an installation's empty streams with the events of another log, each on its own sequence, byte by byte. COMMANDS goes on behind the
 * last cause, or its new commands would be taken for old ones.
 */
export class JetStreamLogRestore {
  private readonly headers = new WireHeaders();
  private readonly holes: number[] = [];
  private flight: Promise<unknown>[] = [];
  private first: number | undefined;
  private last = 0;

  private constructor(
    private readonly link: NatsLink,
    private readonly manager: JetStreamManager,
  ) {}

  /** Throws when a stream holds anything already, and leaves everything as it is. */
  static async begin(link: NatsLink): Promise<JetStreamLogRestore> {
    const manager = await managerOf(link);
    const streams = [EVENTS_STREAM, COMMANDS_STREAM];
    const states = await Promise.all(streams.map(async (name) => (await infoOf(manager, name))?.state));
    for (const [n, state] of states.entries())
      if (state !== undefined && state.last_seq > 0)
        throw new NotEmpty(`stream ${streams[n]} ends at sequence ${state.last_seq}`);
    const kept = (await infoOf(manager, REMNANT_STREAM))?.state.messages ?? 0;
    if (kept > 0) throw new NotEmpty(`stream ${REMNANT_STREAM} holds ${kept} messages of a log that was cut`);
    for (const [n, name] of streams.entries()) if (states[n] !== undefined) await manager.streams.delete(name);
    await makeUnlocked(manager, EVENTS_STREAM);
    return new JetStreamLogRestore(link, manager);
  }

  async append(event: RestoredEvent): Promise<void> {
    this.first ??= event.sequence;
    while (this.last < event.sequence - 1) {
      this.holes.push(this.last + 1);
      await this.publish(FILLER_SUBJECT, '{}');
    }
    await this.publish(`muster.evt.${event.noun}.${token(event.subjectId)}.${token(event.type)}`, event.text);
  }

  /** Commands go on behind this sequence. */
  async end(commandSequence: number): Promise<void> {
    await this.landed();
    const first = this.first ?? 1;
    if (first > 1) await this.manager.streams.purge(EVENTS_STREAM, { seq: first });
    const holes = this.holes.filter((sequence) => sequence > first);
    for (const sequence of holes) await this.manager.streams.deleteMessage(EVENTS_STREAM, sequence, false);
    await ensureStreams(this.link);
    // What is beyond the end cannot be purged, but moves the end: so it does on all servers that we can use.
    await this.manager.streams.purge(COMMANDS_STREAM, { seq: commandSequence + 1 });
    await this.beginWithHoles();
    const [events, commands] = [await infoOf(this.manager, EVENTS_STREAM), await infoOf(this.manager, COMMANDS_STREAM)];
    if (events?.state.last_seq !== this.last || commands?.state.last_seq !== commandSequence)
      throw new Error(
        `The import failed: EVENTS ends at ${events?.state.last_seq} and must end at ${this.last}, COMMANDS at ${commands?.state.last_seq} and must at ${commandSequence}`,
      );
  }

  /** What is not there of the beginning was not needed where the log comes from: nothing stands in its place. */
  private async beginWithHoles(): Promise<void> {
    const log = new JetStreamEventLog(this.link);
    const [first, incarnation] = [await log.firstSequence(), await log.incarnation()];
    if (first <= 1) return;
    const nothing = { name: 'imported', events: 0, digest: new RemnantDigest().hex() };
    const remnant = { ...nothing, incarnation, through: first - 1 };
    if ((await new JetStreamLogKeeper(this.link).replaceRemnant(remnant, 0)) === undefined)
      throw new Error(`The import failed: somebody else has written to ${REMNANT_STREAM}`);
  }

  private async publish(subject: string, text: string): Promise<void> {
    const headers = this.headers.cleared().with(MESSAGE_ID, `restored:${this.last + 1}`);
    headers.with(EXPECTED_LAST_SEQUENCE, this.last);
    this.last++;
    this.flight.push(this.link.acks.publish(subject, text, headers));
    if (this.flight.length >= MAX_IN_FLIGHT) await this.landed();
  }

  private async landed(): Promise<void> {
    const flight = this.flight;
    this.flight = [];
    await Promise.all(flight);
  }
}
