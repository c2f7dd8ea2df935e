import { encodeEvent, type LoggedEvent } from '#events';
import type { RecordedEvent } from '#domain';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { given, samples } from '../../../../libs/domain/src/testing/index.js';
import type { AccessView, DistributionView, GroupView, NodeView, TemplateView, VmView } from '../views/index.js';
import { accessViewContract } from './access-view.contract.js';
import { foldBatch, idsOf } from './fold-batch.js';
import type { ProjectionStore } from './projection-store.js';
import { RowCache } from './row-cache.js';
import { perKind } from './kinds.js';
import { type Ids, PROJECTION_VERSION, type Step } from './step.js';

export interface StoreUnderTest {
  readonly store: ProjectionStore;
  readonly vms: VmView;
  readonly nodes: NodeView;
  readonly templates: TemplateView;
  readonly groups: GroupView;
  readonly distributions: DistributionView;
  /** By a clock that says `LOOKED_AT`. */
  readonly access: AccessView;
}

const logged = (recorded: RecordedEvent): LoggedEvent => ({
  sequence: recorded.sequence,
  recorded,
  raw: JSON.stringify(encodeEvent(recorded)),
});

/** Folds events into a step on top of where the store stands. */
async function stepOf(store: ProjectionStore, recorded: readonly RecordedEvent[]): Promise<Step> {
  const from = await store.position();
  const events = recorded.map(logged);
  const cache = new RowCache();
  cache.fill(await store.load(idsOf(events)));
  const toSequence = events.at(-1)?.sequence ?? from.sequence;
  return { from, incarnation: 'log-1', toSequence, changes: foldBatch(events, cache) };
}

/** What every form of a projection keeps. `open` gives an empty one. */
export function projectionStoreContract(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let history: FleetHistory;

  beforeEach(async () => {
    under = await open();
    history = new FleetHistory({ seed: 4, nodes: 3 });
  });

  const commit = async (recorded: readonly RecordedEvent[]) =>
    expect(await under.store.commit(await stepOf(under.store, recorded))).toBe(true);

  test('begins empty, before the first event of any log', async () => {
    expect(await under.store.position()).toMatchObject({
      sequence: 0,
      incarnation: undefined,
      version: PROJECTION_VERSION,
    });
    expect(await under.vms.list()).toEqual([]);
    expect(await under.nodes.list()).toEqual([]);
    expect(await under.vms.get('vm-1')).toBeUndefined();
  });

  test('gives back rows as they were committed, and only those that there are', async () => {
    await commit(history.found());
    await commit([...history.tick(), ...history.tick()]);
    const rows = await under.store.load({
      ...perKind<Ids>(() => []),
      ...{ vm: ['vm-1', 'vm-2', 'vm-404'], node: ['node-1'], template: ['ubuntu'] },
    });
    expect([...rows.vm.keys()].sort()).toEqual(['vm-1', 'vm-2']);
    expect(rows.vm.get('vm-1')).toEqual(await under.vms.get('vm-1'));
    expect(rows.vm.get('vm-1')).toMatchObject({ name: 'build-1', metadata: { pipeline: 'p1' } });
    expect(rows.template.get('ubuntu')?.versions.map(({ tag }) => tag)).toEqual(['v1', 'v2']);
    expect(await under.store.position()).toMatchObject({ sequence: history.cluster.sequence, incarnation: 'log-1' });
  });

  test('follows a whole history, and its views say the same as the control plane', async () => {
    await commit(history.found());
    for (let tick = 0; tick < 120; tick++) {
      await commit(history.tick());
      const listed = await under.vms.list();
      const { vm } = await under.store.load({ ...perKind<Ids>(() => []), vm: listed.map(({ id }) => id) });
      expect(listed).toEqual([...history.cluster.vms.keys()].map((id) => vm.get(id)));
    }
    const vms = [...history.cluster.vms.values()];
    expect((await under.vms.list()).map(({ id, phase }) => [id, phase])).toEqual(
      vms.map(({ id, phase }) => [id, phase.name]),
    );
    const terminated = await under.vms.list({ phase: 'terminated' });
    expect(terminated.map(({ id }) => id)).toEqual(
      vms.filter(({ phase }) => phase.name === 'terminated').map(({ id }) => id),
    );
    const one = vms.at(-1);
    expect((await under.vms.list({ externalId: one?.externalId ?? '' })).map(({ id }) => id)).toEqual([one?.id]);
    const nodes = [...history.cluster.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect((await under.nodes.list()).map(({ id, use }) => ({ id, use }))).toEqual(
      nodes.map(({ id, used }) => ({ id, use: used })),
    );
    expect(await under.nodes.get('node-0')).toEqual((await under.nodes.list())[0]);
    expect((await under.templates.list()).map(({ id }) => id)).toEqual(['debian', 'ubuntu']);
  });

  test('commits a step only from where it stands, and then nothing of it', async () => {
    await commit(history.found());
    const next = history.tick();
    const step = await stepOf(under.store, next);
    expect(await under.store.commit(step)).toBe(true);
    const late = await stepOf(under.store, history.tick());
    for (const from of [step.from, { ...late.from, generation: 'another' }]) {
      expect(await under.store.commit({ ...late, from })).toBe(false);
    }
    expect(await under.store.position()).toMatchObject({ sequence: step.toSequence });
    expect(await under.vms.get('vm-2')).toBeUndefined();
  });

  test('lists groups and distributions in the order of their making, however they change, and not those that are gone', async () => {
    const { group, joins, push, distribute, progressed, deleteGroup } = samples;
    const { history: told } = given(
      joins('n'),
      push('t'),
      group('z'),
      group('a', { fallbackGroupId: 'z' }),
      group('k'),
    );
    told.say({ type: 'UpdateGroup', groupId: 'z', name: 'last letter' });
    told.say(deleteGroup('k'));
    told.say(distribute('e', 't'));
    told.say(distribute('d', 't'));
    await commit(told.events);
    expect(await under.groups.list()).toMatchObject([
      { id: 'z', name: 'last letter' },
      { id: 'a', name: 'group a', description: '', fallbackGroupId: 'z' },
    ]);
    expect(await under.groups.get('k')).toBeUndefined();
    const before = told.events.length;
    told.say(progressed('n', 'e', 0.3));
    await commit(told.events.slice(before));
    const distributions = await under.distributions.list();
    expect(distributions).toMatchObject([
      { id: 'e', templateId: 't', tag: 'v1', version: 0, nodeIds: ['n'], parts: [{ progress: 0.3, done: false }] },
      { id: 'd', parts: [{ progress: 0 }] },
    ]);
    expect(await under.distributions.get('e')).toEqual(distributions[0]);
  });

  describe('of keys and permissions', () => accessViewContract(() => ({ access: under.access, commit })));

  test('keeps what a client can send and a database dislikes: NUL, half characters, quotes, backslashes', async () => {
    await commit(history.found());
    const name = 'a\u0000b \ud800 "c" \\ {d,e} \\u0000 é😀';
    const request = { templateId: 'ubuntu', name, externalId: 'x\u0000y', metadata: { 'k\u0000': 'v\udc00' } };
    await commit(history.tell({ type: 'StartVM', vmIds: ['odd'], request }, 'ro\u0000ot').events);
    for (const view of [under.vms, under.nodes, under.templates, under.groups, under.distributions])
      expect(await view.get('a\u0000b\ud800')).toBeUndefined();
    const row = await under.vms.get('odd');
    // A form may keep such characters or replace them; everything else must be as it was sent.
    const rest = (text = '') => text.replaceAll('\u0000', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
    expect(rest(row?.name)).toBe(rest(name));
  });
}
