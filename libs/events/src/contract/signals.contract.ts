import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Heartbeat } from '../ports/heartbeats.js';
import { until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

const beat = (nodeId: string): Heartbeat => ({
  nodeId,
  bootId: 'b-1',
  cpuUtil: 0.5,
  ramUtil: 0.25,
  diskBytes: 2,
  freeDiskBytes: 1,
  vmCount: 3,
  pulls: { 'vm-1': 0.1 },
  intervalMs: 1000,
});

/** What every form of {@link Heartbeats} and {@link ProjectionSignal} does. */
export function describeSignals(form: string, makeWorld: MakeWorld): void {
  describe(`signals ${form}`, () => {
    let world: World;
    let one: Ports;
    let two: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      one = await world.connect('one');
      two = await world.connect('two');
    });
    afterEach(() => world.end());

    it('carry the heartbeats of all nodes to whoever listens', async () => {
      const seen: Heartbeat[] = [];
      const watch = two.beats.subscribe((heartbeat) => seen.push(heartbeat));
      await world.pass(20);
      one.beats.publish(beat('mac.mini-01'));
      one.beats.publish(beat('mac-02'));
      await until(world, () => seen.length === 2);
      expect(seen).toEqual([beat('mac.mini-01'), beat('mac-02')]);
      watch.stop();
      one.beats.publish(beat('mac-03'));
      await world.pass(50);
      expect(seen).toHaveLength(2);
    });

    it('tell every listener how far the projection is', async () => {
      const seen: number[][] = [[], []];
      one.signal.subscribe((sequence) => seen[0]?.push(sequence));
      const watch = two.signal.subscribe((sequence) => seen[1]?.push(sequence));
      await world.pass(20);
      two.signal.announce(7);
      await until(world, () => seen.every((list) => list.length === 1));
      watch.stop();
      one.signal.announce(9_007_199_254_740_991);
      await until(world, () => seen[0]?.length === 2);
      await world.pass(20);
      expect(seen).toEqual([[7, 9_007_199_254_740_991], [7]]);
    });
  });
}
