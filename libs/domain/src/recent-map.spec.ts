import { RecentMap } from './recent-map.js';

describe('a map of recent entries', () => {
  it('forgets the oldest beyond its bound, for as long as it lives', () => {
    const map = new RecentMap<number, string>(100);
    for (let n = 0; n < 10_000; n++) {
      map.set(n, `value ${n}`);
      expect(map.size).toBe(Math.min(n + 1, 100));
      expect(map.has(n - 100)).toBe(false);
    }
    expect([...map.keys()]).toEqual(Array.from({ length: 100 }, (_, n) => 9_900 + n));
  });

  it('forgets nothing when a value changes, and a changed one is no younger', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1).set('b', 1).set('a', 2);
    expect([...map]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect([...map.set('c', 1).keys()]).toEqual(['b', 'c']);
  });

  it('stays in order when entries are taken out', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1).set('b', 1).set('c', 1);
    map.delete('b');
    map.set('d', 1).set('e', 1);
    expect([...map.keys()]).toEqual(['d', 'e']);
  });
});
