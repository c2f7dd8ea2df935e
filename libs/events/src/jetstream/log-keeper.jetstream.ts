import { DiscardPolicy, JetStreamApiError, type StreamInfo } from '@nats-io/jetstream';
import type { LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import type { CutStream, KeptRemnant, Remnant, LogKeeper } from '../ports/log-keeper.js';
import { REMNANT_STREAM, REMNANT_SUBJECT, COMMANDS_STREAM, draftSubject, EVENTS_STREAM } from '../subjects.js';
import { logRemnantText, readRemnant } from '../wire/log-remnant-text.js';
import { StoredEvent } from '../wire/stored-event.js';
import { systemClock } from '../clock/clock.system.js';
import { readAck } from './publish-ack.js';
import type { NatsLink } from './link.jetstream.js';
import { asked, streamInfo, subjectsOf } from './stream-state.jetstream.js';
import { SupervisedFeed } from './supervised-feed.jetstream.js';
import { EXPECTED_LAST_SUBJECT_SEQUENCE, WireHeaders } from './wire-headers.jetstream.js';
import { Unavailable } from '../fault.js';

/** The place of an event in EVENTS. */
const SEQUENCE = 'Muster-Sequence';
const ASK_TIMEOUT_MS = 5000;
const NO_MESSAGE = 10037;

/**
 * A server takes messages away one by one and lets nobody in meanwhile. With subjects of their own they go at 300,000 a second; where few
 * subjects have many each, 2.9 looks for the next of the subject each time and does 1,400 (ADR 0025). So the steps go by the clock.
 */
const FIRST_STEP = 200;
const LARGEST_STEP = 5000;
const QUICK_STEP_MS = 15;
const SLOW_STEP_MS = 40;

export class JetStreamLogKeeper implements LogKeeper {
  private step = FIRST_STEP;

  constructor(private readonly link: NatsLink) {}

  async remnant(): Promise<KeptRemnant | undefined> {
    const message = await asked(this.link, 'read the remnant of the log', (manager) =>
      orNothing(manager.streams.getMessage(REMNANT_STREAM, { last_by_subj: REMNANT_SUBJECT })),
    );
    return message && { remnant: readRemnant(message.string()), revision: message.seq };
  }

  async addToDraft(name: string, events: readonly LoggedEvent[]): Promise<void> {
    const subject = draftSubject(name);
    await Promise.all(
      events.map(({ sequence, raw }) =>
        this.link.acks.publish(subject, raw, new WireHeaders().with(SEQUENCE, sequence)),
      ),
    );
  }

  followDraft(name: string): Feed<LoggedEvent> {
    const source = { stream: REMNANT_STREAM, filterSubject: draftSubject(name), from: 1 };
    return new SupervisedFeed(
      this.link,
      source,
      (delivery) => new StoredEvent(Number(delivery.header(SEQUENCE)), delivery.bytes, () => false),
    );
  }

  async replaceRemnant(remnant: Remnant, revision: number): Promise<number | undefined> {
    if (!this.link.isConnected) throw new Unavailable('nats', 'Cannot replace the remnant of the log: not connected');
    const headers = new WireHeaders().with(EXPECTED_LAST_SUBJECT_SEQUENCE, revision);
    const text = logRemnantText(remnant);
    const answer = await asked(this.link, 'replace the remnant of the log', () =>
      this.link.nc.request(REMNANT_SUBJECT, text, { timeout: ASK_TIMEOUT_MS, headers }),
    );
    const ack = readAck(REMNANT_SUBJECT, answer.data);
    if (ack instanceof Unavailable) throw ack;
    return ack instanceof Error ? undefined : ack.sequence;
  }

  async dropDrafts(except: readonly string[]): Promise<void> {
    const kept = new Set([REMNANT_SUBJECT, ...except.map(draftSubject)]);
    for (const subject of await subjectsOf(this.link, REMNANT_STREAM)) {
      if (kept.has(subject)) continue;
      await asked(this.link, `drop ${subject}`, (manager) =>
        manager.streams.purge(REMNANT_STREAM, { filter: subject }),
      );
    }
  }

  async extentOf(stream: CutStream): Promise<{ readonly first: number; readonly last: number }> {
    const { state } = await streamInfo(this.link, stream);
    return { first: Math.max(1, state.first_seq), last: state.last_seq };
  }

  async lastBefore(stream: CutStream, time: number): Promise<number> {
    const { first, last } = await this.extentOf(stream);
    let [low, high] = [first, last + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await this.messageFrom(stream, middle);
      if (found !== undefined && found.time < time) low = found.sequence + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * EVENTS cannot be purged, for good. It is cut by a limit on its messages that holds for a moment: the server takes the oldest away
   * before it answers. A limit on their age would go on cutting for as long as nobody takes it back; this one only does when somebody
   * appends, and the only one who may do that takes it back first (`settle`).
   */
  async cutEvents(upTo: number): Promise<number> {
    const { config, state } = await this.settled();
    // The last event stays: a limit of 0 messages would mean that there is none.
    const keepFrom = Math.min(upTo + 1, state.first_seq + this.step, state.last_seq);
    if (keepFrom <= state.first_seq) return Math.max(1, state.first_seq);
    const maxMessages = state.last_seq - keepFrom + 1;
    const began = systemClock.now();
    await asked(this.link, `cut ${EVENTS_STREAM}`, (manager) =>
      manager.streams.update(EVENTS_STREAM, { ...config, discard: DiscardPolicy.Old, max_msgs: maxMessages }),
    );
    const tookMs = systemClock.now() - began;
    if (tookMs > SLOW_STEP_MS) this.step = Math.ceil(this.step / 4);
    else if (tookMs < QUICK_STEP_MS) this.step = Math.min(LARGEST_STEP, this.step * 2);
    return (await this.settled()).state.first_seq;
  }

  async settle(): Promise<void> {
    await this.settled();
  }

  async cutCommands(upTo: number): Promise<void> {
    await asked(this.link, `cut ${COMMANDS_STREAM}`, (manager) =>
      manager.streams.purge(COMMANDS_STREAM, { seq: upTo + 1 }),
    );
  }

  private async settled(): Promise<StreamInfo> {
    const info = await streamInfo(this.link, EVENTS_STREAM);
    const { config } = info;
    if ((config.max_msgs ?? -1) === -1 && config.discard === DiscardPolicy.New) return info;
    const closed = { ...config, discard: DiscardPolicy.New, max_msgs: -1 };
    await asked(this.link, `end the cut of ${EVENTS_STREAM}`, (manager) =>
      manager.streams.update(EVENTS_STREAM, closed),
    );
    return streamInfo(this.link, EVENTS_STREAM);
  }

  /** The message at this place, or, where that is a hole, the next. */
  private async messageFrom(
    stream: CutStream,
    sequence: number,
  ): Promise<{ readonly sequence: number; readonly time: number } | undefined> {
    const message = await asked(this.link, `read message ${sequence} of ${stream}`, (manager) =>
      orNothing(manager.streams.getMessage(stream, atOrBehind(sequence))),
    );
    return message === undefined ? undefined : { sequence: message.seq, time: message.time.getTime() };
  }
}

/** The client's type does not know of it; servers do since 2.9. */
const atOrBehind = (sequence: number): { seq: number } => {
  const request = { seq: sequence, next_by_subj: '>' };
  return request;
};

/** What was found, if anything was. */
async function orNothing<T>(looking: Promise<T | null>): Promise<T | undefined> {
  try {
    return (await looking) ?? undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}
