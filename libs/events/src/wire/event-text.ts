import type { Cause, RecordedEvent } from '#domain';
import { nounOfEvent } from '../catalogue.js';

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The same text as `JSON.stringify(encodeEvent(recorded))` for a third less time, which counts: the one writer encodes every event
 * of the cluster. What all events of a command have in common is made once.
 */
export class EventWriter {
  private cause: Cause | undefined;
  private ofCause = '';
  private time = NaN;
  private ofTime = '';

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

  private timeText(time: number): string {
    if (time !== this.time) {
      this.time = time;
      this.ofTime = new Date(time).toISOString();
    }
    return this.ofTime;
  }
}

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
