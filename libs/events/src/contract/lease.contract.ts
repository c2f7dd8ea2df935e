import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Lease } from '../ports/lease.js';
import type { MakeWorld, World } from './world.contract.js';

/** What every form of {@link Lease} does. */
export function describeLease(form: string, makeWorld: MakeWorld): void {
  describe(`the lease ${form}`, () => {
    let world: World;
    let ours: Lease;
    let theirs: Lease;
    beforeEach(async () => {
      world = await makeWorld();
      ours = (await world.connect('ours')).lease;
      theirs = (await world.connect('theirs')).lease;
    });
    afterEach(() => world.end());

    it('belongs to one holder', async () => {
      expect(await ours.acquire('a')).toBe(true);
      expect(await theirs.acquire('b')).toBe(false);
      expect(await theirs.renew('b')).toBe(false);
    });

    it('goes to exactly one of two who want it at the same time', async () => {
      const got = await Promise.all([ours.acquire('a'), theirs.acquire('b')]);
      expect(got.sort()).toEqual([false, true]);
    });

    it('may be taken again by its holder after a restart', async () => {
      await ours.acquire('a');
      const restarted = (await world.connect('restarted')).lease;
      expect(await restarted.acquire('a')).toBe(true);
      expect(await restarted.renew('a')).toBe(true);
    });

    it('lasts while it is renewed', async () => {
      await ours.acquire('a');
      for (let step = 0; step < 4; step++) {
        await world.pass(ours.ttlMs / 2);
        expect(await ours.renew('a')).toBe(true);
        expect(await theirs.acquire('b')).toBe(false);
      }
    });

    it('is free soon after its time when it is not renewed, and then lost to its holder', async () => {
      await ours.acquire('a');
      await world.pass(ours.ttlMs * 0.7);
      expect(await theirs.acquire('b')).toBe(false);
      await world.pass(ours.ttlMs * 0.6);
      expect(await theirs.acquire('b')).toBe(true);
      expect(await ours.renew('a')).toBe(false);
      expect(await ours.acquire('a')).toBe(false);
    });

    it('is not renewed after it ran out, even when nobody took it', async () => {
      await ours.acquire('a');
      await world.pass(ours.ttlMs * 1.3);
      expect(await ours.renew('a')).toBe(false);
      expect(await ours.acquire('a')).toBe(true);
    });

    it('of one seat says nothing about another', async () => {
      const other = (await world.connect('other')).otherLease;
      await ours.acquire('a');
      expect(await other.acquire('b')).toBe(true);
      expect(await ours.renew('a')).toBe(true);
      expect(await theirs.acquire('b')).toBe(false);
    });

    it('is free at once when it is released by its holder, and only then', async () => {
      await ours.acquire('a');
      await theirs.release('b');
      expect(await theirs.acquire('b')).toBe(false);
      await ours.release('a');
      expect(await theirs.acquire('b')).toBe(true);
      expect(await ours.renew('a')).toBe(false);
    });
  });
}
