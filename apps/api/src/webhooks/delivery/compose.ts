import type { RecordedEvent } from '#domain';
import { type CloudEvent, decodeEvent } from '#events';
import { recordOf } from '../../dialects/anka/event-log/anka-record.js';
import type { Message } from './sender.js';
import type { Due, Endpoint } from './store/delivery-store.js';

type Form = Pick<Endpoint, 'format' | 'batchSize'>;

/**
 * The one request for some events. `standard-webhooks`: the CloudEvents exactly as they are in the log, alone or as a list. `anka`: the flat
 * records of the vendor's event log; undefined when that log tells of none of these events. `machineName` stands in those records.
 */
export function compose(
  { format, batchSize }: Form,
  events: readonly Pick<Due, 'eventId' | 'sequence' | 'body'>[],
  machineName: string,
  onUnreadable: () => void = () => undefined,
): Message | undefined {
  const anka = format === 'anka';
  const told = events.flatMap(({ eventId, sequence, body = '' }) => {
    const text = anka ? ankaRecord(body, sequence, machineName, onUnreadable) : body;
    return text === undefined ? [] : [{ eventId, text }];
  });
  return messageOf({ format, batchSize }, told);
}

/** An event as JSON in the format of the endpoint. */
interface Told {
  readonly eventId: string;
  readonly text: string;
}

/** Alone where requests hold an event, a list (be it of one) where they hold lists; undefined for none at all. */
export function messageOf({ format, batchSize }: Form, told: readonly Told[]): Message | undefined {
  const anka = format === 'anka';
  const [first] = told;
  if (first === undefined) return undefined;
  if (batchSize <= 1)
    return { id: headerId(first.eventId), contentType: anka ? JSON_TYPE : EVENT_TYPE, body: first.text };
  return {
    id: `${headerId(first.eventId)}+${told.length}`,
    contentType: anka ? JSON_TYPE : BATCH_TYPE,
    body: `[${told.map(({ text }) => text).join(',')}]`,
  };
}

const EVENT_TYPE = 'application/cloudevents+json';
const BATCH_TYPE = 'application/cloudevents-batch+json';
const JSON_TYPE = 'application/json';

/**
 * What is signed is id, time and body with dots between them, so an id with a dot could be read in two ways. Clients of NATS choose the
 * ids of their commands, which those of events begin with.
 */
const headerId = (eventId: string): string => eventId.replaceAll('.', '%2E');

/** Of an event that this build cannot read the vendor's log would not tell either. */
function ankaRecord(body: string, sequence: number, machineName: string, onUnreadable: () => void): string | undefined {
  const recorded = read(body, sequence);
  if (recorded === undefined) onUnreadable();
  return recorded && recordOf(recorded, machineName)?.text;
}

function read(body: string, sequence: number): RecordedEvent | undefined {
  try {
    return decodeEvent(JSON.parse(body) as CloudEvent, sequence);
  } catch {
    return undefined;
  }
}
