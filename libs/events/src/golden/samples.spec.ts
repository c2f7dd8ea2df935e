import type { EventType } from '#domain';
import { EVENTS } from '../catalogue.js';
import { decodeEvent, encodeEvent } from '../cloud-event.js';
import { FIRST_VERSION, versionNamed, versionOf } from '../event-version.js';
import { samplesIn } from './samples.contract.js';

const samples = samplesIn();

describe('the samples of what was ever written', () => {
  it('have every type in every version', () => {
    const wanted = (Object.keys(EVENTS) as EventType[]).flatMap((type) =>
      Array.from({ length: versionOf(type) }, (_, n) => `${type}.v${FIRST_VERSION + n}`),
    );
    expect(samples.map(({ type, version }) => `${type}.v${version}`).sort()).toEqual(wanted.sort());
  });

  it.each(samples)('$type, version $version, can be read and says the same today', ({ type, version, event }) => {
    const { sequence = 0 } = event;
    expect(versionNamed(type as EventType, event.dataschema)).toBe(version);
    const recorded = decodeEvent(event, sequence);
    if (recorded === undefined) throw new Error(`${type} is not known any more`);
    expect(recorded.event.type).toBe(type);
    const today = JSON.parse(JSON.stringify(encodeEvent(recorded))) as typeof event;
    if (version === versionOf(type as EventType)) expect(today).toEqual(event);
    else expect({ ...today, data: 0, dataschema: 0 }).toEqual({ ...event, data: 0, dataschema: 0 });
  });
});
