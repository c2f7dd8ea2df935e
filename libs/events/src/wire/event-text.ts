import type { Cause, DomainEvent, RecordedEvent } from '#domain';
import { nounOfEvent } from '../catalogue.js';
import { dataSchemaOf } from '../event-version.js';

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
  /** The object that each field held last, and its text. */
  private readonly fields = new Map<string, { value: unknown; text: string }>();

  write(recorded: RecordedEvent): string {
    const { type } = recorded.event;
    const { noun, id } = nounOfEvent(recorded.event);
    return (
      `{"specversion":"1.0","id":${quoted(recorded.id)},"source":"/muster/control-plane","type":"muster.${noun}.${type}",` +
      `"subject":${quoted(id)},"time":"${this.timeText(recorded.time)}","datacontenttype":"application/json",` +
      `"dataschema":"${dataSchemaOf(type)}","sequence":${recorded.sequence},${this.causeText(recorded.cause)},"data":{${this.dataText(recorded.event)}}}`
    );
  }

  private dataText(event: DomainEvent): string {
    let text = '';
    for (const field in event) {
      if (field === 'type') continue;
      const value = this.valueText(field, event[field as keyof DomainEvent]);
      if (value === undefined) continue;
      text += `${text === '' ? '' : ','}"${field}":${value}`;
    }
    return text;
  }

  /** A thousand VMs that are started together share their image and their request, which are never changed. */
  private valueText(field: string, value: unknown): string | undefined {
    if (typeof value === 'string') return quoted(value);
    if (typeof value !== 'object') return JSON.stringify(value);
    const known = this.fields.get(field);
    if (known !== undefined && known.value === value) return known.text;
    const text = JSON.stringify(value);
    this.fields.set(field, { value, text });
    return text;
  }

  private causeText(cause: Cause): string {
    if (cause !== this.cause) {
      const { correlationId, id, sequence, commandType, actor, auth, address, traceparent } = cause;
      const type = commandType === undefined ? '' : `,"commandtype":${quoted(commandType)}`;
      const mode = auth === undefined ? '' : `,"authmode":${quoted(auth)}`;
      const from = address === undefined ? '' : `,"clientaddress":${quoted(address)}`;
      const trace = traceparent === undefined ? '' : `,"traceparent":${quoted(traceparent)}`;
      this.cause = cause;
      this.ofCause = `"correlationid":${quoted(correlationId)},"causationid":${quoted(id)},"commandsequence":${sequence}${type},"actor":${quoted(actor)}${mode}${from}${trace}`;
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
