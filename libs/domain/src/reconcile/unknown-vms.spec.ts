import { lookedAgain, overstayed, type Sightings } from './unknown-vms.js';

const look = (times: number, seen: readonly string[], before: Sightings = new Map()): Sightings =>
  Array.from({ length: times }).reduce<Sightings>((sightings) => lookedAgain(sightings, seen), before);

describe('an unknown VM', () => {
  it('is ended after 30 reports, and not before', () => {
    expect(overstayed(look(29, ['x']), 30)).toEqual([]);
    expect(overstayed(look(30, ['x']), 30)).toEqual(['x']);
    expect(overstayed(look(31, ['x']), 30)).toEqual(['x']);
  });

  it('is counted by itself', () => {
    expect(overstayed(look(1, ['x', 'y'], look(29, ['x'])), 30)).toEqual(['x']);
  });

  it('that went and came again is counted anew', () => {
    expect(overstayed(look(1, ['x'], look(1, [], look(29, ['x']))), 30)).toEqual([]);
  });

  it('is never ended when the threshold is 0', () => expect(overstayed(look(1000, ['x']), 0)).toEqual([]));
});
