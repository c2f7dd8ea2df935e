import { type Cluster, distributionId, groupId, nodeId, placementOf, type RecordedEvent } from '#domain';
import { encodeEvent, type LoggedEvent } from '#events';
import { given, samples } from '../../../../libs/domain/src/testing/index.js';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { occupiesRoom } from '../views/index.js';
import { foldBatch } from './fold-batch.js';
import { perKind } from './kinds.js';
import { RowCache } from './row-cache.js';
import type { Ids } from './step.js';

const logged = (recorded: RecordedEvent): LoggedEvent => ({
  sequence: recorded.sequence,
  recorded,
  raw: JSON.stringify(encodeEvent(recorded)),
});

/** What the rows must say according to the control plane's own memory. */
function rowsOf(cluster: Cluster): unknown {
  return [...cluster.vms.values()].map((vm) => {
    const at = placementOf(vm);
    return {
      id: vm.id,
      phase: vm.phase.name,
      epoch: at?.epoch,
      pulling: vm.phase.name === 'assigned' && vm.phase.pulling,
      message: 'message' in vm.phase ? vm.phase.message : undefined,
      name: vm.name,
      externalId: vm.externalId,
      metadata: vm.metadata,
      attempts: vm.attempts,
      restarts: vm.restarts,
      restartsDone: vm.restartsDone,
      createdAt: vm.createdAt,
      acceptedSequence: vm.acceptedSequence,
    };
  });
}

describe('the folds', () => {
  test.each([1, 2, 3])('say the same of every VM and node as the control plane, after each tick (seed %i)', (seed) => {
    const history = new FleetHistory({ seed, nodes: 3 });
    const cache = new RowCache();
    const ids = new Set<string>();
    const fold = (events: RecordedEvent[]) => {
      const changes = foldBatch(events.map(logged), cache);
      for (const id of changes.vm.keys()) ids.add(id);
      cache.apply(changes);
    };
    fold(history.found());
    for (let tick = 0; tick < 150; tick++) {
      fold(history.tick());
      const rows = [...ids].flatMap((id) => cache.get('vm', id) ?? []);
      const told = rows.map((row) => {
        const { id, phase, epoch, pulling, message, name, externalId, metadata, attempts, restarts } = row;
        const { createdAt, acceptedSequence, restartsDone } = row;
        return {
          id,
          phase,
          epoch,
          pulling,
          message,
          name,
          externalId,
          metadata,
          attempts,
          restarts,
          restartsDone,
          createdAt,
          acceptedSequence,
        };
      });
      expect(told).toEqual(rowsOf(history.cluster));
      for (const node of history.cluster.nodes.values()) {
        const row = cache.get('node', node.id);
        expect(row).toMatchObject({ facts: node.facts, config: node.config, online: node.online });
        expect(row?.cached).toEqual([...node.cached.values()]);
        const here = rows.filter((vm) => vm.nodeId === node.id && occupiesRoom(vm));
        expect({ vms: here.length, cpu: here.reduce((sum, vm) => sum + vm.cpu, 0) }).toEqual({
          vms: node.used.vms,
          cpu: node.used.cpu,
        });
      }
    }
    expect([...history.cluster.templates.values()]).toEqual(
      [...history.cluster.templates.keys()].map((id) => {
        const row = cache.get('template', id);
        return { id, name: row?.name, arch: row?.arch, versions: row?.versions };
      }),
    );
    expect(ids.size).toBeGreaterThan(140);
  });

  test('keep what the host said last of a VM that has ended', () => {
    const history = new FleetHistory({ seed: 9 });
    const cache = new RowCache();
    const fold = (events: readonly RecordedEvent[]) => cache.apply(foldBatch(events.map(logged), cache));
    fold(history.found());
    const seen = new Map<string, string>();
    for (let tick = 0; tick < 200; tick++) {
      fold(history.tick());
      for (const vm of history.cluster.vms.values()) {
        const row = cache.get('vm', vm.id);
        if (vm.phase.name === 'running') seen.set(vm.id, vm.phase.instance.uuid);
        if (vm.phase.name !== 'terminated' || !seen.has(vm.id)) continue;
        expect(row?.instance?.uuid).toBe(seen.get(vm.id));
        expect(row?.nodeId).toBeDefined();
        expect(row?.epoch).toBeUndefined();
        expect(row?.terminatedAt).toBeGreaterThanOrEqual(row?.startedAt ?? Infinity);
      }
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  test('change nothing for events of VMs that are not here, and for events that the row holds already', () => {
    const history = new FleetHistory({ seed: 2 });
    const events = [...history.found(), ...Array.from({ length: 50 }, () => history.tick()).flat()].map(logged);
    const cache = new RowCache();
    cache.apply(foldBatch(events, cache));
    const before = structuredClone(['vm-40', 'vm-45', 'vm-50'].map((id) => cache.get('vm', id)));
    const repeated = events.filter(({ recorded }) => recorded?.event.type !== 'VMRemoved');
    cache.apply(foldBatch(repeated, cache));
    expect(['vm-40', 'vm-45', 'vm-50'].map((id) => cache.get('vm', id))).toEqual(before);
    const stranger = events.find(({ recorded }) => recorded?.event.type === 'VMStarted');
    const empty = new RowCache();
    empty.apply(foldBatch([stranger as LoggedEvent], empty));
    expect(empty.missing({ ...perKind<Ids>(() => []), vm: ['vm-1'] }).vm).toEqual(['vm-1']);
  });

  test('know the groups of a node, also after it joined again, and what left its cache', () => {
    const [node, group] = [nodeId('n'), groupId('g')];
    const { history } = given(samples.joins('n'), samples.group('g'), samples.addTo(['g'], ['n']));
    history.say(samples.joins('n', { facts: { agentVersion: '2' } }));
    const cache = new RowCache();
    cache.apply(foldBatch(history.events.map(logged), cache));
    expect(cache.get('node', node)).toMatchObject({ groups: [group], facts: { agentVersion: '2' } });
    history.say({ type: 'ReportTemplatePulled', nodeId: 'n', templateId: 't', tag: 'v1' });
    history.say({ type: 'ReportTemplatePulled', nodeId: 'n', templateId: 't', tag: 'v2' });
    history.say({ type: 'ReportTemplateEvicted', nodeId: 'n', templateId: 't', tag: 'v1' });
    history.say(samples.deleteGroup('g'));
    cache.apply(foldBatch(history.events.map(logged), cache));
    expect(cache.get('node', node)).toMatchObject({ groups: [], cached: [{ templateId: 't', tag: 'v2' }] });
  });

  test('say of every group and distribution what the control plane does, whatever happens to them', () => {
    const { group, joins, push, distribute, progressed, cancel, deleteGroup, has } = samples;
    const { history } = given(joins('n'), joins('m'), joins('a', { facts: { arch: 'arm64' } }), push('t'), group('g'));
    const cache = new RowCache();
    const told = new Set<string>();
    const check = () => {
      const changes = foldBatch(history.events.slice(folded).map(logged), cache);
      folded = history.events.length;
      cache.apply(changes);
      for (const id of [...changes.distribution.keys(), ...changes.group.keys()]) told.add(id);
      for (const id of told) {
        const known = history.cluster.groups.get(groupId(id));
        const row = cache.get('group', id);
        expect(row && { name: row.name, fallback: row.fallbackGroupId }).toEqual(
          known && { name: known.name, fallback: known.fallbackGroupId },
        );
        const distribution = cache.get('distribution', id);
        const parts = distribution?.parts.map(({ updatedAt: _, ...part }, n) => [distribution.nodeIds[n], part]);
        const expected = history.cluster.distributions.get(distributionId(id));
        expect(parts && Object.fromEntries(parts)).toEqual(expected && Object.fromEntries(expected.nodes));
      }
    };
    let folded = 0;
    for (const command of [
      ...[group('h', { fallbackGroupId: 'g' }), distribute('d1', 't'), progressed('n', 'd1', 0.5), has('n', 't')],
      ...[distribute('d2', 't'), cancel('d2'), { type: 'UpdateGroup', groupId: 'g', fallbackGroupId: null } as const],
      ...[deleteGroup('g'), distribute('d3', 't'), { type: 'DeleteRegistryVm', templateId: 't' } as const, push('u')],
      ...Array.from({ length: 100 }, (_, n) => [distribute(`x${n}`, 'u'), cancel(`x${n}`)]).flat(),
    ]) {
      history.say(command);
      check();
    }
    expect(cache.get('distribution', 'd1')).toBeUndefined();
    expect(told.size).toBeGreaterThan(100);
  });
});
