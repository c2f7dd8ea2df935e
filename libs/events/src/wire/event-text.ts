import type { Cause, RecordedEvent } from '#domain';
import { nounOfEvent } from '../catalogue.js';

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The same text as `JSON.stringify(encodeEvent(recorded))` for little more than half of the time, which counts: the one writer encodes every event
 * of the cluster. What all events of a command have in common is made once.
 */
export class EventWriter {
  private cause: Cause | undefined;
  private ofCause = '';
  private second = NaN;
  /** Up to and with the point before the milliseconds. */
  private ofSecond = '';

  write(recorded: RecordedEvent): string {
    const { type, ...data } = recorded.event;
    const { noun, id } = nounOfEvent(recorded.event);
    return (
      `{"specversion":"1.0","id":${quoted(recorded.id)},"source":"/muster/control-plane","type":"muster.${noun}.${type}",` +
      `"subject":${quoted(id)},"time":"${this.timeText(recorded.time)}","datacontenttype":"application/json",` +
      `"sequence":${recorded.sequence},${this.causeText(recorded.cause)},"data":${JSON.stringify(data)}}`
    );
  }

  private causeText(cause: Cause): string {
    if (cause !== this.cause) {
      const { correlationId, id, sequence, actor, traceparent } = cause;
      const trace = traceparent === undefined ? '' : `,"traceparent":${quoted(traceparent)}`;
      this.cause = cause;
      this.ofCause = `"correlationid":${quoted(correlationId)},"causationid":${quoted(id)},"commandsequence":${sequence},"actor":${quoted(actor)}${trace}`;
    }
    return this.ofCause;
  }

  /** RFC 3339. Commands come many to the second, and formatting a date costs as much as the rest of the envelope. */
  private timeText(time: number): string {
    const second = Math.floor(time / 1000);
    if (second !== this.second) {
      this.second = second;
      this.ofSecond = new Date(second * 1000).toISOString().slice(0, -4);
    }
    return `${this.ofSecond}${String(Math.floor(time - second * 1000)).padStart(3, '0')}Z`;
  }
}

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
