import type { EventType } from '#domain';
import { EVENTS } from './catalogue.js';
import { decodeEvent, encodeEvent } from './cloud-event.js';
import { sampleEvent } from './contract/samples.contract.js';
import { schemaName, versionNamed, versionOf } from './event-version.js';
import { type EventData, UPCASTERS, upcast, upcastBy } from './upcast.js';

/** As if a started VM had been told of in three ways over the years. */
const renamed = ({ host, ...rest }: EventData): EventData => ({ ...rest, nodeId: host });
const counted = (data: EventData): EventData => ({ ...data, attempt: 1 });
const third = upcastBy((type) => (type === 'VMScheduled' ? 3 : 1), { VMScheduled: [renamed, counted] });
const name = (version: number): string => schemaName('VMScheduled', version);

describe('the data of an older event', () => {
  it('go through every version since', () => {
    expect(third('VMScheduled', name(1), { vmId: 'a', host: 'n' })).toEqual({ vmId: 'a', nodeId: 'n', attempt: 1 });
    expect(third('VMScheduled', name(2), { vmId: 'a', nodeId: 'n' })).toEqual({ vmId: 'a', nodeId: 'n', attempt: 1 });
    expect(third('VMScheduled', name(3), { vmId: 'a', nodeId: 'n', attempt: 7 })).toEqual({
      vmId: 'a',
      nodeId: 'n',
      attempt: 7,
    });
  });

  it('are of the first version when the event says nothing of it', () => {
    expect(third('VMScheduled', undefined, { host: 'n' })).toEqual({ nodeId: 'n', attempt: 1 });
    expect(third('VMRemoved', undefined, { vmId: 'a' })).toEqual({ vmId: 'a' });
  });

  it('stay as they were in the hands of the caller', () => {
    const data = Object.freeze({ host: 'n' });
    third('VMScheduled', name(1), data);
    expect(data).toEqual({ host: 'n' });
  });
});

describe('an event that this build does not know', () => {
  it.each([name(4), name(0), `${name(1)}0000000000`, schemaName('VMStarted', 1), 'urn:other', '', `${name(1)}.5`])(
    'is not guessed at: %s',
    (dataschema) => expect(third('VMScheduled', dataschema, { nodeId: 'n' })).toBeUndefined(),
  );

  it('is passed over by whoever reads the log', () => {
    const event = encodeEvent(sampleEvent(7));
    expect(decodeEvent({ ...event, dataschema: name(2) }, 7)).toBeUndefined();
    expect(decodeEvent({ ...event, dataschema: name(2) }, 7, third)?.event).toMatchObject({ attempt: 1 });
  });
});

describe('the versions of the catalogue', () => {
  const types = Object.keys(EVENTS) as EventType[];

  it('have an upcaster from each to the next', () => {
    for (const type of types) expect([type, UPCASTERS[type]?.length ?? 0]).toEqual([type, versionOf(type) - 1]);
  });

  it('are in the name of the schema', () => {
    for (const type of types) expect(versionNamed(type, schemaName(type, versionOf(type)))).toBe(versionOf(type));
  });

  it('leave data of the current version alone', () => {
    const data = {};
    for (const type of types) expect(upcast(type, schemaName(type, versionOf(type)), data)).toBe(data);
  });
});
