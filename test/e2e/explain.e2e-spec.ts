import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(240_000);

const NODES = 3;
/** A stand-by leads after about two seconds; a busy machine needs more. */
const TAKEN_OVER_LIMIT_MS = 30_000;

interface Explanation {
  readonly asOf: number;
  readonly phase: string;
  readonly sentence: string;
  readonly waits?: { readonly nodes: number; readonly impossible: boolean; readonly counts: Record<string, number> };
  readonly placed?: { readonly nodeId: string; readonly epoch: number };
}

describe('an explanation', () => {
  let fleet: Fleet;
  let template: string;

  beforeAll(async () => {
    fleet = await Fleet.start({
      ...{ driver: 'simulated', nodes: NODES, bootMs: 50, standBy: true, ephemeralDatabase: true },
      env: { MUSTER_NODE_CAPACITY: '1' },
    });
    template = await offerPretendedTemplate(fleet);
  });
  afterAll(() => fleet?.close());

  const ask = (id: string) => fetch(`${fleet.apiUrl}/api/v2/vms/${id}/explain`);

  async function explained(id: string): Promise<Explanation> {
    const answer = await ask(id);
    if (answer.status !== 200) throw new Error(`explain answers ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Explanation;
  }

  it('is right at once, whether the VM has a node or waits for one', async () => {
    const ids = await fleet.anka.start({ vmid: template, count: NODES + 1 });
    const explanations = await Promise.all(ids.map(explained));
    const placed = explanations.filter((explanation) => explanation.placed !== undefined);
    expect(new Set(placed.map((explanation) => explanation.placed?.nodeId)).size).toBe(NODES);
    const [waiting] = explanations.filter(({ phase }) => phase === 'pending');
    expect(waiting?.waits).toMatchObject({ nodes: NODES, impossible: false });
    const counted = Object.values(waiting?.waits?.counts ?? {}).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(NODES);
    expect(waiting?.sentence).toBe(`Waits: no node has a free slot (${NODES} full)`);
  });

  it('can be asked of NATS as well', async () => {
    const [id = ''] = await fleet.anka.start({ vmid: template });
    const nats = await fleet.nats();
    const answer = await nats.request('muster.qry.vm.Explain', JSON.stringify({ vmId: id }), { timeout: 5000 });
    expect(answer.json()).toMatchObject({ asOf: expect.any(Number), explanation: { vmId: id, phase: 'pending' } });
  });

  it('comes from the stand-by when the leader died', async () => {
    const [id = ''] = await fleet.anka.start({ vmid: template });
    const before = await explained(id);
    const leader = await leading();
    await fleet.member(leader).kill();
    const after = await until('It is explained again', () => explained(id), TAKEN_OVER_LIMIT_MS);
    expect(after.asOf).toBeGreaterThanOrEqual(before.asOf);
    expect(after).toMatchObject({ phase: 'pending', waits: { nodes: NODES } });
    expect((await ask('nobody')).status).toBe(404);
  });

  async function leading(): Promise<'scheduler' | 'stand-by'> {
    const figures = await (await fetch(`${fleet.healthUrl('scheduler')}/metrics`)).text();
    return /^muster_leader 1$/m.test(figures) ? 'scheduler' : 'stand-by';
  }
});
