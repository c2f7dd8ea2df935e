import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Unavailable } from '../fault.js';
import type { Bookmark, Bookmarks } from '../ports/bookmarks.js';
import type { MakeWorld, World } from './world.contract.js';

const at = (sequence: number, done: readonly number[] = []): Bookmark => ({ incarnation: 'log-1', sequence, done });

/** What every form of {@link Bookmarks} does. */
export function describeBookmarks(form: string, makeWorld: MakeWorld): void {
  describe(`bookmarks ${form}`, () => {
    let world: World;
    let ours: Bookmarks;
    let theirs: Bookmarks;
    beforeEach(async () => {
      world = await makeWorld();
      ours = (await world.connect('ours')).bookmarks;
      theirs = (await world.connect('theirs')).bookmarks;
    });
    afterEach(() => world.end());

    it('are not there at first, and then where they were put, for everybody', async () => {
      expect(await ours.read('sink.a')).toBeUndefined();
      const revision = await ours.move('sink.a', at(7, [9, 12]), 0);
      expect(await theirs.read('sink.a')).toEqual({ bookmark: at(7, [9, 12]), revision });
      expect(await theirs.read('sink.b')).toBeUndefined();
    });

    it('can be looked at all together', async () => {
      expect(await theirs.all()).toEqual(new Map());
      await ours.move('anka.log', at(7), 0);
      await ours.move('archive', at(9), 0);
      const first = await ours.move('projection', at(1), 0);
      await ours.move('projection', at(3, [5]), first ?? 0);
      expect(await theirs.all()).toEqual(
        new Map([
          ['anka.log', at(7)],
          ['archive', at(9)],
          ['projection', at(3, [5])],
        ]),
      );
    });

    it('are moved by whoever knows where they are, and by nobody else', async () => {
      const first = await ours.move('sink', at(1), 0);
      expect(await theirs.move('sink', at(5), 0)).toBeUndefined();
      const second = await theirs.move('sink', at(2), first ?? 0);
      expect(await ours.move('sink', at(3), first ?? 0)).toBeUndefined();
      expect(await ours.read('sink')).toEqual({ bookmark: at(2), revision: second });
    });

    it('are made by exactly one of two who try at the same time', async () => {
      const made = await Promise.all([ours.move('sink', at(1), 0), theirs.move('sink', at(2), 0)]);
      expect(made.filter((revision) => revision !== undefined)).toHaveLength(1);
    });

    it('outlive the death of the server', async () => {
      await ours.move('sink', at(7, [9]), 0);
      await world.killServer();
      await expect(theirs.read('sink')).rejects.toBeInstanceOf(Unavailable);
      await world.restartServer();
      const again = (await world.connect('again')).bookmarks;
      expect((await again.read('sink'))?.bookmark).toEqual(at(7, [9]));
    });
  });
}
