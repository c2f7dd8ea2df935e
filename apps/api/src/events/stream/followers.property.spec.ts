import fc from 'fast-check';
import type { EventFilter } from '../event-query.dto.js';
import { World } from './followers.contract.js';

const FILTERS: readonly EventFilter[] = [
  {},
  { noun: 'vm' },
  { types: ['VMStarted', 'StartVM'] },
  { subjectId: 'vm-3' },
  { kind: 'apiAction' },
  { actor: 'nobody' },
];

const step = fc.oneof(
  fc.record({ do: fc.constant('happen' as const), count: fc.integer({ min: 1, max: 25 }) }),
  fc.record({ do: fc.constant('archive' as const), behind: fc.integer({ min: 0, max: 15 }) }),
  fc.record({
    do: fc.constant('follow' as const),
    filter: fc.constantFrom(...FILTERS),
    back: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ do: fc.constant('hold' as const), who: fc.nat(), writes: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('drain' as const), who: fc.nat() }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
);

describe('every follower', () => {
  it('hears exactly what it asked for after its place, in order and once, however slow it, the archive and the others are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new World({ ring: { events: 10, bytes: 20_000 } });
        const all: (Awaited<ReturnType<World['follow']>> & { filter: EventFilter })[] = [];
        const some = (who: number) => all[who % Math.max(1, all.length)];
        for (const now of steps) {
          if (now.do === 'happen') await world.happen(now.count);
          else if (now.do === 'archive') await world.archiveTo(world.last - now.behind);
          else if (now.do === 'wait') await world.pass(now.ms);
          else if (now.do === 'follow') {
            const { filter } = now;
            all.push({ ...(await world.follow(Math.max(0, world.last - now.back), filter)), filter });
          } else if (now.do === 'hold') {
            const held = some(now.who);
            if (held !== undefined && held.wire.room > 0) held.wire.room = now.writes;
          } else {
            const drained = some(now.who);
            if (drained !== undefined && drained.wire.room <= 0) {
              drained.wire.room = Infinity;
              drained.follower.drained();
            }
          }
        }
        await world.archiveTo(world.last);
        for (const { wire, follower } of all) {
          wire.room = Infinity;
          follower.drained();
        }
        await world.pass(2_000);
        for (const { wire, place, filter } of all) expect(wire.told).toEqual(world.due(place, filter));
        expect(world.troubles).toEqual([]);
        await world.end();
      }),
      { numRuns: 60 },
    );
  });
});
