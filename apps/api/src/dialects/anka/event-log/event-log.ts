import type { Clock } from '#events';
import type { Log } from '../../../shell/log.js';
import { type CentralLog, EVENT_SERVICE } from '../central-log/central-log.js';
import { Courier, type CourierNews, type Sink } from './courier.js';
import { type FlowBus, type FlowParts, RecordFlow } from './record-flow.js';

/** The disk is asked again at once, and then seldom. */
const FILE_RETRIES = 5;

export interface EventLogParts {
  readonly bus: () => FlowBus;
  readonly clock: Clock;
  readonly log: Log;
  /** Another text for each process. */
  readonly holder: string;
  readonly machineName: string;
  readonly onUnreadable?: FlowParts['onUnreadable'];
}

/** A receiver of the event log, with how patient one is with it. */
export interface Receiver {
  /** Of its bookmark: it must stay the same, or the receiver is told from that moment only. */
  readonly name: string;
  readonly sink: Sink;
  readonly quickRetries: number;
}

/** The receiver that has an address. */
export const httpReceiver = (sink: Sink, quickRetries: number): Receiver => ({
  name: 'anka-event-log-url',
  sink,
  quickRetries,
});

/** The file `event/event.log` of the central logs. */
export const fileReceiver = (log: CentralLog): Receiver => ({
  name: 'anka-event-log-file',
  sink: { send: (text) => log.append({ service: EVENT_SERVICE, content: text }) },
  quickRetries: FILE_RETRIES,
});

/** What brings the records to a receiver. */
export function flowTo({ name, sink, quickRetries }: Receiver, { log, ...parts }: EventLogParts): RecordFlow {
  const say = log.child({ receiver: name });
  const news: CourierNews = {
    failed: (reason, failures, pauseMs) =>
      say.warn('the event log cannot be delivered; tries again', { reason, failures, inMs: pauseMs }),
    recovered: (failures) => say.info('the event log is delivered again', { failures }),
  };
  const courier = new Courier(sink, parts.clock, { quickRetries }, news);
  const onTrouble = (reason: string): void => say.warn('the event log waits', { reason });
  return new RecordFlow({ ...parts, name, courier, onTrouble });
}
