import { type Command, type DomainEvent, type RecordedEvent, subjectOf } from '#domain';
import { isCommandType, isEventType, nounOfCommand, nounOfEvent, reportingNode } from './catalogue.js';
import type { CommandEnvelope } from './envelope.js';
import { dataSchemaOf } from './event-version.js';
import { Undecodable } from './fault.js';
import { upcast, type Upcast } from './upcast.js';

/**
 * CloudEvents 1.0 JSON, the one shape of everything that leaves a process. `sequence` is the position in EVENTS, `commandsequence`
 * the position in COMMANDS of the cause, `causationid` its id, `commandtype` its name. Times are RFC 3339.
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
  /** Of events: the JSON Schema of `data`, and so their version: `urn:muster:VMStarted:1`. Absent means version 1. */
  dataschema?: string;
  data: Record<string, unknown>;
  correlationid: string;
  actor: string;
  /** How the actor proved itself. */
  authmode?: string;
  /** Where the actor was. */
  clientaddress?: string;
  traceparent?: string;
  sequence?: number;
  causationid?: string;
  commandsequence?: number;
  /** Of events: the name of the command that caused it. */
  commandtype?: string;
  kind?: string;
}

/** Ids travel in message headers, and every event's id begins with that of its command. */
export const MAX_COMMAND_ID_LENGTH = 256;
const COMMAND_ID = new RegExp(`^[\\x21-\\x7e]{1,${MAX_COMMAND_ID_LENGTH}}$`);

export const MAX_AUTH_MODE_LENGTH = 32;
const AUTH_MODE = new RegExp(`^[a-z-]{1,${MAX_AUTH_MODE_LENGTH}}$`);
/** Longer than any IPv6 address with its zone. */
export const MAX_CLIENT_ADDRESS_LENGTH = 64;
const CLIENT_ADDRESS = new RegExp(`^[\\x21-\\x7e]{1,${MAX_CLIENT_ADDRESS_LENGTH}}$`);

const isAuthMode = (value: unknown): boolean => typeof value === 'string' && AUTH_MODE.test(value);
/** Whether a command may carry it as the address of its actor. */
export const isClientAddress = (value: unknown): boolean => typeof value === 'string' && CLIENT_ADDRESS.test(value);

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
    dataschema: dataSchemaOf(type),
    sequence: recorded.sequence,
    correlationid: recorded.cause.correlationId,
    causationid: recorded.cause.id,
    commandsequence: recorded.cause.sequence,
    ...(recorded.cause.commandType !== undefined && { commandtype: recorded.cause.commandType }),
    actor: recorded.cause.actor,
    ...askerText(recorded.cause),
    ...(recorded.cause.traceparent !== undefined && { traceparent: recorded.cause.traceparent }),
    data,
  };
}

/**
 * Reads an event back, of whatever version; undefined for a type or version that only a newer build knows. The position in the stream
 * is the truth about `sequence`. Throws {@link Undecodable}.
 */
export function decodeEvent(
  value: CloudEvent,
  sequence: number,
  toCurrent: Upcast = upcast,
): RecordedEvent | undefined {
  const type = lastPart(value.type);
  if (!isEventType(type)) return undefined;
  const data = toCurrent(type, value.dataschema, value.data);
  if (data === undefined) return undefined;
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
      ...(value.commandtype !== undefined && { commandType: value.commandtype }),
      actor: value.actor,
      ...readAsker(value),
      correlationId: value.correlationid,
      ...(value.traceparent !== undefined && { traceparent: value.traceparent }),
    },
    event: { ...data, type } as DomainEvent,
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
    ...askerText(envelope),
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
    ...checkedAsker(value),
    correlationId: value.correlationid ?? value.id,
    ...(value.traceparent !== undefined && { traceparent: value.traceparent }),
    command: { ...value.data, type } as Command,
  };
}

type Asker = Pick<CommandEnvelope, 'auth' | 'address'>;
type AskerAttributes = Pick<CloudEvent, 'authmode' | 'clientaddress'>;

const askerText = ({ auth, address }: Asker): AskerAttributes => ({
  ...(auth !== undefined && { authmode: auth }),
  ...(address !== undefined && { clientaddress: address }),
});

const readAsker = ({ authmode, clientaddress }: AskerAttributes): Asker => ({
  ...(authmode !== undefined && { auth: authmode }),
  ...(clientaddress !== undefined && { address: clientaddress }),
});

/** Anybody may have written it, and every event of the command will carry it. */
function checkedAsker(value: AskerAttributes): Asker {
  if (value.authmode !== undefined && !isAuthMode(value.authmode))
    throw new Undecodable(`Cannot read command: authmode must be 1–${MAX_AUTH_MODE_LENGTH} small letters or dashes`);
  if (value.clientaddress !== undefined && !isClientAddress(value.clientaddress))
    throw new Undecodable(
      `Cannot read command: clientaddress must be 1–${MAX_CLIENT_ADDRESS_LENGTH} printable ASCII, no spaces`,
    );
  return readAsker(value);
}

const lastPart = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
