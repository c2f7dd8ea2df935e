import type { RecordedEvent } from '#domain';
import { nodeId, vmId } from '#domain';
import { type CloudEvent, decodeCommand, decodeEvent, encodeCommand, encodeEvent } from './cloud-event.js';
import type { CommandEnvelope } from './envelope.js';
import { Undecodable } from './fault.js';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const time = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

const recorded: RecordedEvent = {
  sequence: 42,
  id: 'c-1:0',
  time,
  cause: {
    sequence: 7,
    id: 'c-1',
    commandType: 'StartVM',
    actor: 'root',
    auth: 'key',
    address: '192.0.2.7',
    correlationId: 'r-1',
    traceparent,
  },
  event: { type: 'VMScheduled', vmId: vmId('a'), nodeId: nodeId('mac.mini-01'), attempt: 1 },
};

const envelope: CommandEnvelope = {
  id: 'c-1',
  time,
  actor: 'root',
  auth: 'key',
  address: '192.0.2.7',
  correlationId: 'r-1',
  traceparent,
  command: { type: 'TerminateVM', vmId: 'a' },
};

const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('an event on the wire', () => {
  it('is a CloudEvent that names its place and its cause', () => {
    expect(encodeEvent(recorded)).toStrictEqual({
      specversion: '1.0',
      id: 'c-1:0',
      source: '/muster/control-plane',
      type: 'muster.vm.VMScheduled',
      subject: 'a',
      time: '2026-01-02T03:04:05.006Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:muster:VMScheduled:1',
      sequence: 42,
      correlationid: 'r-1',
      causationid: 'c-1',
      commandsequence: 7,
      commandtype: 'StartVM',
      actor: 'root',
      authmode: 'key',
      clientaddress: '192.0.2.7',
      traceparent,
      data: { vmId: 'a', nodeId: 'mac.mini-01', attempt: 1 },
    });
  });

  it('is read as it was written', () => {
    expect(decodeEvent(wire(encodeEvent(recorded)), 42)).toStrictEqual(recorded);
    const { commandType: _type, traceparent: _, auth: _auth, address: _address, ...cause } = recorded.cause;
    expect(decodeEvent(wire(encodeEvent({ ...recorded, cause })), 42)).toStrictEqual({ ...recorded, cause });
  });

  it('has the sequence of its place in the stream, whatever it says itself', () => {
    expect(decodeEvent(encodeEvent(recorded), 43)?.sequence).toBe(43);
  });

  it('has the outer type, whatever its data says', () => {
    const event = encodeEvent(recorded);
    expect(decodeEvent({ ...event, data: { ...event.data, type: 'VMRemoved' } }, 42)?.event.type).toBe('VMScheduled');
  });

  it('of a type from a newer build is passed over', () => {
    expect(decodeEvent({ ...encodeEvent(recorded), type: 'muster.vm.VMTeleported' }, 42)).toBeUndefined();
    expect(decodeEvent({ ...encodeEvent(recorded), type: 'muster.vm.toString' }, 42)).toBeUndefined();
  });

  it.each(['causationid', 'commandsequence'] as const)('without %s cannot be read', (field) => {
    const { [field]: _, ...event } = encodeEvent(recorded);
    expect(() => decodeEvent(event as CloudEvent, 42)).toThrow('Cannot read event 42: it names no cause');
  });
});

describe('a command on the wire', () => {
  it('is a CloudEvent that says who asks', () => {
    expect(encodeCommand(envelope)).toStrictEqual({
      specversion: '1.0',
      id: 'c-1',
      source: '/muster/door',
      type: 'muster.vm.TerminateVM',
      subject: 'a',
      time: '2026-01-02T03:04:05.006Z',
      datacontenttype: 'application/json',
      correlationid: 'r-1',
      actor: 'root',
      authmode: 'key',
      clientaddress: '192.0.2.7',
      traceparent,
      data: { vmId: 'a' },
    });
  });

  it.each<[CommandEnvelope['command'], Partial<CloudEvent>]>([
    [
      { type: 'ReportVMLost', nodeId: 'n', vmId: 'a', epoch: 1, message: '' },
      { source: '/muster/node/n', subject: 'a' },
    ],
    [
      { type: 'UnregisterNode', nodeId: 'n' },
      { source: '/muster/node/n', subject: 'n' },
    ],
    [
      { type: 'DeleteRegistryVm', templateId: 't' },
      { source: '/muster/door', subject: 't' },
    ],
    [{ type: 'StartVM', vmIds: ['a', 'b'], request: { templateId: 't' } }, { subject: 'a' }],
    [{ type: 'StartVM', vmIds: [], request: { templateId: 't' } }, { subject: 'vm' }],
    [{ type: 'RunTimers' }, { subject: 'cluster', type: 'muster.cluster.RunTimers' }],
  ])('is about what it changes: %j', (command, expected) => {
    expect(encodeCommand({ ...envelope, command })).toMatchObject(expected);
  });

  it('is read as it was written', () => {
    expect(decodeCommand(wire(encodeCommand(envelope)))).toStrictEqual(envelope);
    const { traceparent: _, auth: _auth, address: _address, ...untraced } = envelope;
    expect(decodeCommand(wire(encodeCommand(untraced)))).toStrictEqual(untraced);
  });

  it('needs no more than type, id and data from a NATS client', () => {
    const least = { id: 'x', type: 'muster.vm.TerminateVM', data: { vmId: 'a' } };
    const command = { type: 'TerminateVM', vmId: 'a' };
    expect(decodeCommand(least)).toStrictEqual({ id: 'x', time: 0, actor: 'anonymous', correlationId: 'x', command });
    expect(decodeCommand({ ...least, type: 'TerminateVM', time: 'soon' })).toMatchObject({ time: 0, command });
  });

  it('is of its outer type: its data cannot pass it off as another', () => {
    const data = { vmId: 'a', type: 'DeleteNode', nodeId: 'n' };
    expect(decodeCommand({ ...encodeCommand(envelope), data }).command.type).toBe('TerminateVM');
  });

  it.each<[string, object]>([
    ['no type', { type: undefined }],
    ['a type that is no text', { type: 7 }],
    ['an unknown type', { type: 'muster.vm.Explode' }],
    ['a type that every object has', { type: 'constructor' }],
    ['no id', { id: undefined }],
    ['an empty id', { id: '' }],
    ['an id that is no text', { id: 7 }],
    ['an id with a line break', { id: 'a\nb' }],
    ['an id with a space', { id: 'a b' }],
    ['a long id', { id: 'x'.repeat(257) }],
    ['a way to prove oneself that is no word', { authmode: 'KEY 7' }],
    ['a way to prove oneself that is longer than any', { authmode: 'x'.repeat(33) }],
    ['a way to prove oneself that is no text', { authmode: 7 }],
    ['an address of several lines', { clientaddress: 'a\nb' }],
    ['an address longer than any', { clientaddress: 'x'.repeat(65) }],
    ['an address that is no text', { clientaddress: null }],
    ['no data', { data: undefined }],
    ['data that is null', { data: null }],
    ['data that is text', { data: 'x' }],
    ['data that is a list', { data: [] }],
  ])('cannot be read with %s', (_, changed) => {
    expect(() => decodeCommand({ ...encodeCommand(envelope), ...changed })).toThrow(Undecodable);
  });
});
