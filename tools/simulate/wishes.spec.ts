import { SCENARIOS } from '../../test/simulation/scale/scenarios/index.js';
import { USAGE, UsageError, wishOf } from './wishes.js';

const wish = (line: string) => wishOf(line.split(' ').filter(Boolean), ['first-fit', 'random']);

describe('what simulate is asked for', () => {
  it('is a hundred troubled fleets when nothing is said', () =>
    expect(wish('')).toEqual({ kind: 'troubled', seeds: 100, first: 1 }));

  it('is so many troubled fleets', () =>
    expect(wish('--seeds 7 --first 30')).toEqual({ kind: 'troubled', seeds: 7, first: 30 }));

  it('is a scenario with its usual size', () =>
    expect(wish('--scenario ci-day')).toMatchObject({
      kind: 'scale',
      plan: { scenario: 'ci-day', nodes: 200, vms: 50_000, seed: 1 },
      against: 'ours',
    }));

  it('is a scenario of a size, compared, in a folder', () =>
    expect(wish('--scenario burst --nodes 5 --vms 60 --seed 9 --out here --compare')).toMatchObject({
      plan: { scenario: 'burst', nodes: 5, vms: 60, seed: 9 },
      out: 'here',
      against: 'all',
    }));

  it('is a baseline', () =>
    expect(wish('--scenario burst --baseline random')).toMatchObject({ against: { baseline: 'random' } }));

  it.each([
    ['--scenario nightmare', '--scenario is "nightmare": must be one of ci-day, burst'],
    ['--scenario burst --nodes 0', '--nodes is "0": must be a whole number from 1 to 20000'],
    ['--scenario burst --vms many', '--vms is "many"'],
    ['--scenario burst --seed 1.5', '--seed is "1.5"'],
    ['--scenario burst --baseline best-fit', 'must be one of first-fit, random'],
    ['--scenario burst --baseline random --compare', '--compare runs all baselines'],
    ['--scenario burst --seeds 3', 'do not go with --scenario'],
    ['--nodes 5', '--nodes needs a --scenario'],
    ['--compare', '--compare needs a --scenario'],
    ['--seeds 0', '--seeds is "0"'],
    ['--fast', "Unknown option '--fast'"],
    ['burst', 'burst'],
  ])('makes no sense: %s', (line, message) => {
    expect(() => wish(line)).toThrow(UsageError);
    expect(() => wish(line)).toThrow(message);
  });

  it('is explained with every scenario', () => {
    for (const { name, about } of SCENARIOS) expect(USAGE).toMatch(new RegExp(`${name} +${about.slice(0, 20)}`));
  });
});
