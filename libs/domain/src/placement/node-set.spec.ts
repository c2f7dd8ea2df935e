import fc from 'fast-check';
import { runs } from '../testing/arbitraries.js';
import { NodeSet } from './node-set.js';

const ordinals = fc.uniqueArray(fc.nat(5000), { maxLength: 60, size: 'max' });
const setOf = (members: Iterable<number>): NodeSet => {
  const set = new NodeSet();
  for (const member of members) set.add(member);
  return set;
};
const found = (sets: NodeSet[], except: NodeSet[]): number[] => {
  const all: number[] = [];
  NodeSet.find(sets, except, (ordinal) => {
    all.push(ordinal);
    return false;
  });
  return all;
};

describe('a set of nodes', () => {
  it('holds what was put in and not taken out', () => {
    fc.assert(
      fc.property(ordinals, fc.array(fc.nat(60)), (members, gone) => {
        const set = setOf(members);
        const plain = new Set(members);
        for (const index of gone) {
          const member = members[index] ?? 5001 + index;
          set.put(member, false);
          plain.delete(member);
        }
        expect(set.size).toBe(plain.size);
        expect(found([set], [])).toEqual([...plain].sort((a, b) => a - b));
        for (const member of members) expect(set.has(member)).toBe(plain.has(member));
      }),
      runs(200),
    );
  });

  it('finds what several have in common and others have not, in ascending order', () => {
    fc.assert(
      fc.property(ordinals, ordinals, ordinals, (shared, more, except) => {
        const [a, b, c] = [setOf([...shared, ...more]), setOf(shared), setOf(except)];
        const expected = shared.filter((ordinal) => !except.includes(ordinal)).sort((x, y) => x - y);
        expect(found([a, b], [c])).toEqual(expected);
      }),
      runs(200),
    );
  });

  it('stops at the one that is taken', () => {
    expect(NodeSet.find([setOf([7, 40, 3000])], [], (ordinal) => ordinal > 7)).toBe(40);
    expect(NodeSet.find([setOf([7])], [], () => false)).toBe(-1);
    expect(NodeSet.find([setOf([7]), new NodeSet()], [], () => true)).toBe(-1);
  });
});
