import { VirtualClock } from '#events/testing';
import { FollowerGate } from './follower-gate.js';

describe('the projection gate', () => {
  test('lets a door pass once the projection is there, and not before', async () => {
    const gate = new FollowerGate(new VirtualClock());
    const passed: string[] = [];
    const doors = [5, 7, 6].map((sequence) => gate.reached(sequence, 1000).then(() => passed.push(`${sequence}`)));
    gate.advance(4);
    await Promise.resolve();
    expect(passed).toEqual([]);
    gate.advance(6);
    await Promise.all([doors[0], doors[2]]);
    expect(passed).toEqual(['5', '6']);
    gate.advance(3);
    expect(gate.reachedSequence).toBe(6);
    gate.advance(7);
    await Promise.all(doors);
    await gate.reached(7, 1000);
  });

  test('tells a door that waits too long what it waits for', async () => {
    const clock = new VirtualClock();
    const gate = new FollowerGate(clock);
    gate.advance(2);
    const waiting = gate.reached(9, 250);
    const said = expect(waiting).rejects.toThrow('stands at sequence 2: it did not reach 9 within 250 ms');
    await clock.advanceBy(250);
    await said;
    await expect(Promise.race([waiting, Promise.resolve()])).rejects.toMatchObject({ dependency: 'postgres' });
  });
});
