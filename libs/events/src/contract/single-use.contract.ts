import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SingleUse } from '../ports/single-use.js';
import type { MakeWorld, World } from './world.contract.js';

/** What every form of {@link SingleUse} does. */
export function describeSingleUse(form: string, makeWorld: MakeWorld): void {
  describe(`single use ${form}`, () => {
    let world: World;
    let ours: SingleUse;
    let theirs: SingleUse;
    beforeEach(async () => {
      world = await makeWorld();
      ours = (await world.connect('ours')).singleUse;
      theirs = (await world.connect('theirs')).singleUse;
    });
    afterEach(() => world.end());

    it('lets a name be used once, whoever asks', async () => {
      expect(await ours.use('a_-9')).toBe(true);
      expect(await ours.use('a_-9')).toBe(false);
      expect(await theirs.use('a_-9')).toBe(false);
      expect(await theirs.use('b')).toBe(true);
    });

    it('lets exactly one of many who ask at once', async () => {
      const got = await Promise.all([ours, theirs, ours, theirs].map((one) => one.use('c'.repeat(128))));
      expect(got.filter((won) => won)).toHaveLength(1);
    });

    it('remembers for as long as it says', async () => {
      await ours.use('d');
      await world.pass(ours.keptMs * 0.7);
      expect(await theirs.use('d')).toBe(false);
    });
  });
}
