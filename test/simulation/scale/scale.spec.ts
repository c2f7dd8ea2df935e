import type { CloudEvent } from '#events';
import { BASELINES } from './placements.js';
import { live } from './testing.js';
import { SCENARIOS } from './scenarios/index.js';

describe('a simulation at scale', () => {
  it('writes the same log, byte for byte, when the plan is the same', () => {
    const [once, again] = [live(), live()];
    expect(once.events.length).toBeGreaterThan(500);
    expect(again.events).toEqual(once.events);
    expect(again.commands).toEqual(once.commands);
    expect(again.figures).toEqual(once.figures);
  });

  it('writes another log for another seed', () => {
    expect(live({ seed: 2 }).figures.digest).not.toBe(live({ seed: 3 }).figures.digest);
  });

  it('asks for as many VMs as were planned, and follows each to its end', () => {
    const { figures } = live({ vms: 77 });
    expect(figures.accepted).toBe(77);
    expect(figures.started + figures.failed + figures.cancelled).toBe(77);
    expect(figures.waitingAtEnd).toBe(0);
  });

  it('gives a reason for each VM that waits for ever', () => {
    // One node, which a VM of no template there is can share: everything queues, and nothing is lost.
    const { figures } = live({ nodes: 1, vms: 40, scenario: 'poison-start' });
    expect(figures.started).toBe(0);
    expect(figures.failed + figures.cancelled).toBe(40);
    expect(figures.breaches).toEqual([]);
  });
});

describe.each(SCENARIOS.map(({ name }) => name))('the scenario %s', (scenario) => {
  const { figures } = live({ scenario, nodes: 10, vms: 250 });

  it('breaks no law', () => expect(figures.breaches).toEqual([]));

  it('looks at every law', () => {
    const {
      'a VM lets others go first once, for a moment': _deferrals,
      'every row of a distribution ends once': _rows,
      ...always
    } = figures.laws;
    expect(Object.values(always)).toHaveLength(11);
    for (const checks of Object.values(figures.laws)) expect(checks).toBeGreaterThan(0);
  });

  it('starts VMs, and makes them wait', () => {
    expect(figures.started).toBeGreaterThan(200);
    expect(figures.wait.p50Ms).toBeGreaterThan(1000);
    expect(figures.wait.p99Ms).toBeGreaterThanOrEqual(figures.wait.p90Ms);
    expect(figures.pulls).toBeGreaterThan(0);
    expect(figures.utilisation.mean).toBeGreaterThan(0);
    expect(figures.utilisation.peak).toBeLessThanOrEqual(1);
  });
});

describe.each(BASELINES)('the baseline $name', (baseline) => {
  const size = { nodes: 10, vms: 250 };
  const [once, again] = [live(size, baseline), live(size, baseline)];

  it('breaks no law on the same plan, and is the same again', () => {
    expect(once.figures.breaches).toEqual([]);
    expect(again.events).toEqual(once.events);
  });

  it('meets the same jobs as ours, and pulls more', () => {
    const { figures } = live(size);
    expect(once.figures.accepted).toBe(figures.accepted);
    expect(once.figures.digest).not.toBe(figures.digest);
    expect(figures.pulls).toBeLessThan(once.figures.pulls);
  });
});

describe('what befalls a fleet shows in its log', () => {
  const typesOf = (scenario: string): Map<string, number> => {
    const types = new Map<string, number>();
    for (const line of live({ scenario, nodes: 10, vms: 250 }).events) {
      const { type } = JSON.parse(line) as { type: string };
      types.set(type, (types.get(type) ?? 0) + 1);
    }
    return types;
  };

  it('rolling-drain drains every node and takes it back', () =>
    expect(typesOf('rolling-drain').get('muster.node.ConfigNode')).toBe(20));

  it('region-loss silences a third of the nodes, and all come back', () => {
    const types = typesOf('region-loss');
    expect(types.get('muster.node.NodeOffline')).toBe(4);
    expect(types.get('muster.node.NodeOnline')).toBe(4);
  });

  it('flapping-nodes come and go often', () =>
    expect(typesOf('flapping-nodes').get('muster.node.NodeOffline')).toBeGreaterThan(3));

  it('poison-start fails for good where the template is poisoned', () =>
    expect(typesOf('poison-start').get('muster.vm.VMFailedToStart')).toBeGreaterThan(0));

  it('template-roll-out brings the new tag to every node that can use it, before anybody asks', () => {
    const lines = live({ scenario: 'template-roll-out', nodes: 10, vms: 250 }).events;
    const pulls = lines
      .map((line) => JSON.parse(line) as CloudEvent)
      .filter(({ type, data }) => type.endsWith('.TemplatePulled') && data['tag'] === 'v2');
    // Of ten nodes seven are amd64, and noon is four hours after the start.
    expect(new Set(pulls.map(({ subject }) => subject)).size).toBe(7);
    for (const { time } of pulls) expect(time < '2026-01-01T04:00').toBe(true);
  });
});
