import { NodeSet } from './node-set.js';
import { quarterSteps, Steps } from './steps.js';

const members = (set: NodeSet): number[] => {
  const all: number[] = [];
  NodeSet.find([set], [], (ordinal) => {
    all.push(ordinal);
    return false;
  });
  return all;
};

describe('nodes by what they have left', () => {
  const steps = new Steps(quarterSteps(64, 4096));

  it('are found when they have enough, and few others', () => {
    [2048, 2600, 4096, 63, 1e9].forEach((left, ordinal) => steps.put(ordinal, left));
    expect(members(steps.atLeast(2048))).toEqual([0, 1, 2, 4]);
    expect(members(steps.atLeast(2560))).toEqual([1, 2, 4]);
    expect(members(steps.atLeast(2700))).toEqual([1, 2, 4]);
    expect(members(steps.atLeast(1e8))).toEqual([4]);
  });

  it('move with what is taken and given', () => {
    steps.put(2, 100);
    expect(members(steps.atLeast(4096))).toEqual([4]);
    steps.put(2, 5000);
    expect(members(steps.atLeast(4096))).toEqual([2, 4]);
    steps.put(4, undefined);
    expect(members(steps.atLeast(64))).toEqual([0, 1, 2]);
  });
});
