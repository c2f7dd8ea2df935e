import type { Command, DomainEvent, RecordedEvent } from '#domain';
import { isCommandType, isEventType, nounOfCommand, nounOfEvent, reportingNode } from './catalogue.js';
import type { CommandEnvelope } from './envelope.js';
import { Undecodable } from './fault.js';

/**
 * CloudEvents 1.0 JSON, the one shape of everything that leaves a process. `sequence` is the position in EVENTS, `commandsequence`
 * the position in COMMANDS of the cause, `causationid` its id. Times are RFC 3339.
 */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  /** `muster.<noun>.<Name>`. */
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: Record<string, unknown>;
  correlationid: string;
  actor: string;
  traceparent?: string;
  sequence?: number;
  causationid?: string;
  commandsequence?: number;
  kind?: string;
}

/** Ids travel in message headers, and every event's id begins with that of its command. */
export const MAX_COMMAND_ID_LENGTH = 256;
const COMMAND_ID = new RegExp(`^[\\x21-\\x7e]{1,${MAX_COMMAND_ID_LENGTH}}$`);

const CONTROL_PLANE = '/muster/control-plane';

export function encodeEvent(recorded: RecordedEvent): CloudEvent {
  const { type, ...data } = recorded.event;
  const { noun, id } = nounOfEvent(recorded.event);
  return {
    specversion: '1.0',
    id: recorded.id,
    source: CONTROL_PLANE,
    type: `muster.${noun}.${type}`,
    subject: id,
    time: new Date(recorded.time).toISOString(),
    datacontenttype: 'application/json',
    sequence: recorded.sequence,
    correlationid: recorded.cause.correlationId,
    causationid: recorded.cause.id,
    commandsequence: recorded.cause.sequence,
    actor: recorded.cause.actor,
    ...(recorded.cause.traceparent !== undefined && { traceparent: recorded.cause.traceparent }),
    data,
  };
}

/** Reads an event back. The position in the stream is the truth about `sequence`. Throws {@link Undecodable}. */
export function decodeEvent(value: CloudEvent, sequence: number): RecordedEvent | undefined {
  const type = lastPart(value.type);
  if (!isEventType(type)) return undefined;
  if (value.commandsequence === undefined || value.causationid === undefined) {
    throw new Undecodable(`Cannot read event ${sequence}: it names no cause`);
  }
  return {
    sequence,
    id: value.id,
    time: Date.parse(value.time),
    cause: {
      sequence: value.commandsequence,
      id: value.causationid,
      actor: value.actor,
      correlationId: value.correlationid,
      ...(value.traceparent !== undefined && { traceparent: value.traceparent }),
    },
    event: { ...value.data, type } as DomainEvent,
  };
}

export function encodeCommand(envelope: CommandEnvelope): CloudEvent {
  const { type, ...data } = envelope.command;
  const node = reportingNode(envelope.command);
  return {
    specversion: '1.0',
    id: envelope.id,
    source: node === undefined ? '/muster/door' : `/muster/node/${node}`,
    type: `muster.${nounOfCommand(envelope.command)}.${type}`,
    subject: subjectOf(envelope.command),
    time: new Date(envelope.time).toISOString(),
    datacontenttype: 'application/json',
    correlationid: envelope.correlationId,
    actor: envelope.actor,
    ...(envelope.traceparent !== undefined && { traceparent: envelope.traceparent }),
    data,
  };
}

/** Reads a command back; its shape beyond the envelope is checked by `checkCommand`. Throws {@link Undecodable}. */
export function decodeCommand(value: Partial<CloudEvent>): CommandEnvelope {
  const type = lastPart(String(value.type ?? ''));
  if (!isCommandType(type)) throw new Undecodable(`Cannot read command: type "${value.type ?? ''}" is not known`);
  if (typeof value.id !== 'string' || value.id === '') throw new Undecodable('Cannot read command: it has no id');
  if (!COMMAND_ID.test(value.id))
    throw new Undecodable(`Cannot read command: its id must be 1–${MAX_COMMAND_ID_LENGTH} printable ASCII, no spaces`);
  if (typeof value.data !== 'object' || value.data === null || Array.isArray(value.data))
    throw new Undecodable('Cannot read command: data must be an object');
  const time = Date.parse(value.time ?? '');
  return {
    id: value.id,
    time: Number.isNaN(time) ? 0 : time,
    actor: value.actor ?? 'anonymous',
    correlationId: value.correlationid ?? value.id,
    ...(value.traceparent !== undefined && { traceparent: value.traceparent }),
    command: { ...value.data, type } as Command,
  };
}

const lastPart = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

function subjectOf(command: Command): string {
  if ('vmId' in command) return command.vmId;
  if ('templateId' in command) return command.templateId;
  if ('nodeId' in command) return command.nodeId;
  return 'vmIds' in command ? (command.vmIds[0] ?? 'vm') : 'cluster';
}
