import { Unavailable } from '#events';
import { Unauthenticated } from '../../auth/failures.js';
import { Problem } from '../../shell/problem.js';
import { END_LIMIT_MS, HEARTBEAT_MS, STALLED_LIMIT_MS } from './follower.js';
import { World } from './followers.contract.js';
import { RECHECK_MS, UNCHECKED_LIMIT_MS } from './followers.js';

let world: World;
beforeEach(() => void (world = new World({ ring: { events: 20, bytes: 1_000_000 } })));
afterEach(() => world.end());

const bookmarks = (text: string): number[] =>
  [...text.matchAll(/id: (\d+)\nevent: bookmark\ndata: \{\}\n\n/g)].map(([, id]) => Number(id));

describe('a follower', () => {
  it('without a place hears of what happens from now on, letter by letter as in the log', async () => {
    await world.happen(10);
    const { wire, place } = await world.follow(undefined);
    expect([place, wire.text]).toEqual([10, '']);
    await world.happen(2);
    const frame = (n: number) =>
      `id: ${n}\nevent: muster.${world.event(n).noun}.${world.event(n).type}\ndata: ${world.event(n).body}\n\n`;
    expect(wire.text).toBe(frame(11) + frame(12));
  });

  it('with a place that the ring has hears of what came after, without the archive', async () => {
    await world.follow(undefined);
    await world.happen(10);
    const { wire } = await world.follow(4);
    expect(wire.told).toEqual(world.due(4));
    expect(await world.archive.extent()).toEqual({ first: 1, last: 0 });
  });

  it('with an older place reads the archive as far as that is, waits for the rest of what it needs, and then hears live', async () => {
    await world.follow(undefined);
    await world.happen(100);
    await world.archiveTo(60);
    const { wire } = await world.follow(3);
    expect(wire.told).toEqual(world.due(3).filter((sequence) => sequence <= 60));
    await world.archiveTo(100);
    await world.pass(1_000);
    await world.happen(5);
    expect(wire.told).toEqual(world.due(3));
  });

  it('that takes no more keeps its place, however far the log goes on, and misses nothing', async () => {
    const { wire, follower } = await world.follow(0);
    const other = await world.follow(0);
    wire.room = 1;
    await world.happen(1);
    for (let n = 0; n < 10; n++) {
      await world.happen(30);
      await world.archiveTo(world.last);
      await world.pass(1_000);
    }
    expect([wire.told, follower.lag]).toEqual([[1], 300]);
    expect(world.followers.lag).toBe(300);
    expect(other.wire.told).toEqual(world.due(0));
    wire.room = Infinity;
    follower.drained();
    await world.pass(1_000);
    expect(wire.told).toEqual(world.due(0));
    expect(follower.lag).toBe(0);
  });

  it('that takes one write at a time while it reads the archive misses nothing either', async () => {
    await world.follow(undefined);
    await world.happen(500);
    await world.archiveTo(500);
    const { wire, follower } = await world.follow(0, { noun: 'vm' });
    for (let n = 0; n < 40; n++) {
      wire.room = 1;
      follower.drained();
      await world.pass(1);
    }
    expect(wire.told).toEqual(world.due(0, { noun: 'vm' }));
  });

  it('hears nothing twice when its place is ahead of the ring', async () => {
    await world.follow(undefined);
    await world.happen(5);
    const { wire } = await world.follow(5);
    await world.happen(3);
    expect(wire.told).toEqual([6, 7, 8]);
  });
});

describe('a silent stream', () => {
  it('gives a sign of life, or a bookmark when the log went on without a word', async () => {
    const { wire } = await world.follow(undefined, { types: ['ConfigNode'] });
    await world.pass(HEARTBEAT_MS);
    expect(wire.text).toBe(':\n\n');
    await world.happen(15);
    await world.pass(HEARTBEAT_MS);
    expect(wire.text).toBe(':\n\nid: 15\nevent: bookmark\ndata: {}\n\n');
    await world.pass(HEARTBEAT_MS);
    expect(wire.text).toBe(':\n\nid: 15\nevent: bookmark\ndata: {}\n\n:\n\n');
  });

  it('is no use to whoever reads: a client that takes nothing for long is cut off', async () => {
    const { wire } = await world.follow(undefined);
    wire.room = 1;
    await world.happen(1);
    await world.pass(STALLED_LIMIT_MS - 2_000);
    expect(wire.cutOff).toBe(false);
    await world.pass(3_000);
    expect(wire.cutOff).toBe(true);
    expect(bookmarks(wire.text)).toEqual([]);
  });
});

describe('a place from which nobody can go on', () => {
  const codes = (after: number) =>
    world.follow(after).then(
      () => 'followed',
      (error: Problem) => [error.status, error.extensions['code']],
    );

  it('is gone before what the archive has, and beyond the end of the log', async () => {
    await world.follow(undefined);
    await world.happen(100);
    await world.archiveTo(100);
    world.archive.events.splice(0, 40);
    expect([await codes(39), await codes(0)]).toEqual([
      [410, 'POSITION_GONE'],
      [410, 'POSITION_GONE'],
    ]);
    expect([await codes(40), await codes(100)]).toEqual(['followed', 'followed']);
    expect(await codes(101)).toEqual([410, 'POSITION_GONE']);
    expect(world.followers.count).toBe(3);
  });

  it('ends the stream of a slow client when it comes to be so', async () => {
    const { wire, follower } = await world.follow(0);
    wire.room = 1;
    await world.happen(1);
    for (let n = 0; n < 5; n++) await world.happen(30);
    await world.archiveTo(world.last);
    world.archive.events.splice(0, 50);
    wire.room = Infinity;
    follower.drained();
    await world.pass(1);
    expect([wire.ended, wire.told]).toEqual([true, [1]]);
    expect(wire.text).toMatch(/: what comes next is kept no longer\n\n$/);
  });
});

describe('the number of followers', () => {
  it('is bounded, and a place that was left is free again', async () => {
    world = new World({ maxFollowers: 2 });
    await world.follow(undefined);
    const { seat } = await world.follow(undefined);
    expect(() => world.followers.takeSeat()).toThrow(Problem);
    seat.leave();
    seat.leave();
    expect(world.followers.count).toBe(1);
    await world.follow(undefined);
    expect(() => world.followers.takeSeat()).toThrow('This process takes 2 at once');
  });
});

describe('credentials', () => {
  it('that no longer count end the stream', async () => {
    let counts = true;
    const { wire } = await world.follow(undefined, {}, async () => {
      if (!counts) throw new Unauthenticated('expired');
    });
    await world.pass(3 * RECHECK_MS);
    expect(wire.ended).toBe(false);
    counts = false;
    await world.pass(RECHECK_MS + 1_000);
    expect(wire.text).toMatch(/: the credentials no longer count\n\n$/);
  });

  it('that no longer count end it also for a client that takes nothing any more', async () => {
    const { wire } = await world.follow(undefined, {}, async () => Promise.reject(new Unauthenticated('expired')));
    wire.room = 1;
    await world.happen(1);
    await world.pass(RECHECK_MS + 1_000);
    expect([wire.ended, wire.cutOff]).toEqual([true, false]);
    await world.pass(END_LIMIT_MS);
    expect(wire.cutOff).toBe(true);
  });

  it('that nobody can check for now are trusted for a while', async () => {
    const away = async () => Promise.reject(new Unavailable('postgres', 'away'));
    const { wire } = await world.follow(undefined, {}, away);
    await world.pass(UNCHECKED_LIMIT_MS - RECHECK_MS);
    expect(wire.ended).toBe(false);
    await world.pass(2 * RECHECK_MS);
    expect([wire.ended, world.troubles]).toEqual([true, []]);
  });
});

describe('the end of the process', () => {
  it('ends every stream with a last word, and takes nobody any more', async () => {
    const { wire } = await world.follow(undefined);
    world.followers.close();
    expect([wire.ended, wire.text]).toEqual([true, ': the server stops\n\n']);
    expect(() => world.followers.takeSeat()).toThrow('This process stops');
  });
});
