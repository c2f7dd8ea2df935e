import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeId, type RecordedEvent, vmId } from '#domain';
import { encodeEvent } from '../cloud-event.js';
import { EventWriter } from './event-text.js';

const text = fc.string({ unit: 'binary' });
const cause = fc.record(
  {
    ...{ sequence: fc.nat(), id: text, actor: text, correlationId: text },
    ...{ commandType: text, auth: text, address: text, traceparent: text },
  },
  { requiredKeys: ['sequence', 'id', 'actor', 'correlationId'] },
);
const event = fc.oneof(
  fc.record({
    type: fc.constant('VMLost' as const),
    vmId: text.map((id) => id as ReturnType<typeof vmId>),
    nodeId: fc.constant(nodeId('n')),
    message: text,
  }),
  fc.record({ type: fc.constant('VMRemoved' as const), vmId: fc.constant(vmId('v')) }),
  fc.record({
    type: fc.constant('PolicyChanged' as const),
    policy: fc
      .constantFrom({ nodeSilentMs: 1 }, { nodeSilentMs: 2, profile: undefined })
      .map((policy) => policy as never),
  }),
  fc.record({ type: fc.constant('CommandFailed' as const), commandType: text, message: text }),
);

describe('the text of an event', () => {
  it('is what JSON.stringify makes of the CloudEvent, whatever the fields hold, and whatever was written before', () => {
    const writer = new EventWriter();
    const recorded: fc.Arbitrary<RecordedEvent[]> = fc
      .record({
        cause,
        time: fc.double({ min: 0, max: 4e12, noNaN: true }),
        sequence: fc.nat(),
        id: text,
        events: fc.array(event, { maxLength: 4 }),
      })
      .map(({ events, ...rest }) => events.map((one) => ({ ...rest, event: one })));
    fc.assert(
      fc.property(recorded, (all) => {
        for (const one of all) expect(writer.write(one)).toBe(JSON.stringify(encodeEvent(one)));
      }),
      { numRuns: 500 },
    );
  });
});
