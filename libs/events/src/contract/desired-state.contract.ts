import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DesiredNode } from '#domain';
import { sampleDesired, until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

/** What every form of {@link DesiredState} does. */
export function describeDesiredState(form: string, makeWorld: MakeWorld): void {
  describe(`the desired state ${form}`, () => {
    let world: World;
    let writer: Ports;
    let node: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      writer = await world.connect('writer');
      node = await world.connect('node');
    });
    afterEach(() => world.end());

    it('has no value for a node that nobody wished anything of', async () => {
      expect(await node.desired.get('mac-01')).toBeUndefined();
    });

    it('gives back the newest value, also for ids with dots', async () => {
      await writer.desired.put('mac.mini.01', sampleDesired(1));
      await writer.desired.put('mac.mini.01', sampleDesired(2));
      await writer.desired.put('mac', sampleDesired(3));
      expect(await node.desired.get('mac.mini.01')).toEqual(sampleDesired(2));
    });

    it('shows a watcher the present value and each newer one of its own node', async () => {
      await writer.desired.put('mac.01', sampleDesired(1));
      await writer.desired.put('mac.02', sampleDesired(2));
      const seen: DesiredNode[] = [];
      await node.desired.watch('mac.01', (desired) => seen.push(desired));
      await until(world, () => seen.length === 1);
      await writer.desired.put('mac.02', sampleDesired(3));
      await writer.desired.put('mac.01', sampleDesired(4));
      await until(world, () => seen.length === 2);
      expect(seen).toEqual([sampleDesired(1), sampleDesired(4)]);
    });

    it('shows a watcher the first value when there was none', async () => {
      const seen: DesiredNode[] = [];
      await node.desired.watch('mac-01', (desired) => seen.push(desired));
      await world.pass(50);
      expect(seen).toEqual([]);
      await writer.desired.put('mac-01', sampleDesired(1));
      await until(world, () => seen.length === 1);
    });

    it('ends with the newest value, whatever was skipped', async () => {
      const seen: number[] = [];
      await node.desired.watch('mac-01', ({ asOf }) => seen.push(asOf));
      for (let asOf = 1; asOf <= 200; asOf++) await writer.desired.put('mac-01', sampleDesired(asOf));
      await until(world, () => seen.at(-1) === 200);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    });

    it('tells a stopped watcher nothing', async () => {
      const seen: DesiredNode[] = [];
      const watch = await node.desired.watch('mac-01', (desired) => seen.push(desired));
      watch.stop();
      await writer.desired.put('mac-01', sampleDesired(1));
      await world.pass(50);
      expect(seen).toEqual([]);
    });
  });
}
