import { CloudEvent } from 'cloudevents';
import { encodeEvent } from '#events';
import { vmId, type RecordedEvent } from '#domain';
import { compose } from './compose.js';

const recorded = (sequence: number, event: RecordedEvent['event']): RecordedEvent => ({
  ...{ sequence, id: `c${sequence}:0`, time: Date.UTC(2026, 0, 1), event },
  cause: { sequence: 1, id: `c${sequence}`, actor: 'root', correlationId: 'x' },
});
const dueOf = (sequence: number, event: RecordedEvent['event']) => ({
  ...{ sequence, eventId: `c${sequence}:0` },
  body: JSON.stringify(encodeEvent(recorded(sequence, event)), null, 1),
});
const terminated = (sequence: number) => dueOf(sequence, { type: 'VMTerminated', vmId: vmId('v1'), message: 'done' });
const untold = dueOf(9, { type: 'VMPulling', vmId: vmId('v1') } as RecordedEvent['event']);

describe('a request', () => {
  it('holds the event exactly as it is in the log', () => {
    const event = terminated(1);
    const message = compose({ format: 'standard-webhooks', batchSize: 1 }, [event], 'host');
    expect(message).toEqual({ id: 'c1:0', contentType: 'application/cloudevents+json', body: event.body });
    expect(new CloudEvent(JSON.parse(event.body) as object).validate()).toBe(true);
  });

  it('holds a list as soon as the endpoint takes batches, and its id says of how many', () => {
    const format = { format: 'standard-webhooks', batchSize: 10 } as const;
    const two = compose(format, [terminated(1), terminated(2)], 'host');
    expect(two).toMatchObject({ id: 'c1:0+2', contentType: 'application/cloudevents-batch+json' });
    expect((JSON.parse(two?.body ?? '') as { id: string }[]).map(({ id }) => id)).toEqual(['c1:0', 'c2:0']);
    expect(JSON.parse(compose(format, [terminated(1)], 'host')?.body ?? '')).toHaveLength(1);
  });

  it('holds the vendor’s flat record, where that is the format', () => {
    const message = compose({ format: 'anka', batchSize: 1 }, [terminated(3)], 'host');
    expect(message?.contentType).toBe('application/json');
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      ...{ name: 'VMTerminated', machineName: 'host', instance_id: 'v1', event_id: 'c3:0', sequence: 3 },
    });
  });

  it('is not made of what the vendor’s log does not tell', () => {
    const one = { format: 'anka', batchSize: 1 } as const;
    let unreadable = 0;
    const onUnreadable = (): void => void (unreadable += 1);
    expect(compose(one, [untold], 'host', onUnreadable)).toBeUndefined();
    expect(unreadable).toBe(0);
    expect(compose(one, [{ eventId: 'x', sequence: 1, body: '"?"' }], 'host', onUnreadable)).toBeUndefined();
    expect(unreadable).toBe(1);
    const batch = compose({ format: 'anka', batchSize: 5 }, [untold, terminated(3)], 'host');
    expect([batch?.id, JSON.parse(batch?.body ?? '')]).toMatchObject(['c3:0+1', [{ event_id: 'c3:0' }]]);
  });

  it('has an id without dots, whatever the client called its command', () => {
    const event = { ...terminated(1), eventId: 'a.1700000000.b:0' };
    expect(compose({ format: 'standard-webhooks', batchSize: 1 }, [event], 'host')?.id).toBe('a%2E1700000000%2Eb:0');
  });
});
