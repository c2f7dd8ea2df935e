import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../clock/virtual-clock.js';
import { sampleCommand } from '../contract/samples.contract.js';
import { Unavailable } from '../fault.js';
import { MAX_WAITING_CALLS, WaitingDoor } from './waiting-door.js';

describe('a door', () => {
  it('has a limit of callers, and room again when they have gone', async () => {
    const clock = new VirtualClock();
    const transport = { inbox: 'i.', publish: async () => ({ sequence: 1, duplicate: false }) };
    const door = new WaitingDoor(transport, clock, 1000);
    const waiting = Array.from({ length: MAX_WAITING_CALLS }, (_, n) => door.send(sampleCommand(`c-${n}`)));
    await expect(door.send(sampleCommand('one-more'))).rejects.toMatchObject({ dependency: 'nats' });
    const gone = Promise.allSettled(waiting);
    await clock.advanceBy(1000);
    expect((await gone).every((call) => call.status === 'rejected' && call.reason instanceof Unavailable)).toBe(true);
    const next = door.send(sampleCommand('next'));
    door.deliver(MAX_WAITING_CALLS.toString(36), { kind: 'accepted', sequence: 5 });
    expect(await next).toEqual({ kind: 'accepted', sequence: 5 });
    expect(clock.nextAt).toBeUndefined();
  });

  it('asks again under another message id, once, when the command was there before', async () => {
    const published: string[][] = [];
    const transport = {
      inbox: 'i.',
      publish: async ({ id }: { id: string }, messageId: string, replyTo: string) => {
        published.push([id, messageId, replyTo]);
        return { sequence: 1, duplicate: true };
      },
    };
    const clock = new VirtualClock();
    const door = new WaitingDoor(transport, clock, 1000);
    const late = door.send(sampleCommand('c')).catch((error: unknown) => error);
    await clock.advanceBy(1000);
    expect(published).toEqual([
      ['c', 'c', 'i.0'],
      ['c', 'c~i.0', 'i.0'],
    ]);
    expect(await late).toMatchObject({ dependency: 'control-plane' });
  });
});
