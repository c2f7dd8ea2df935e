import { Registry } from 'prom-client';
import { DEFAULT_POLICY } from '#domain';
import type { CloudEvent } from '#events';
import { measured } from '../metrics.js';
import { pushTemplate, registerNode, reportStarted, startVm } from '../testing/commands.js';
import { Room } from '../testing/room.js';
import type { Observer } from './observer.js';

async function readyRoom(capacity = 2): Promise<{ room: Room; first: ReturnType<Room['controlPlane']> }> {
  const room = new Room();
  const first = room.controlPlane('one');
  await room.clock.advanceBy(1000);
  await room.ask(pushTemplate);
  await room.commands.publish(room.envelope(registerNode('n1', capacity), 'r1'));
  await room.clock.advanceBy(100);
  return { room, first };
}

describe('the control plane', () => {
  it('answers an accepted command with the sequence of its last event, and the log holds its facts in order', async () => {
    const { room } = await readyRoom();
    await expect(room.ask(startVm('v1'))).resolves.toEqual({ kind: 'accepted', sequence: 4 });
    expect(room.facts()).toEqual(['PushTemplate', 'NodeRegistered', 'StartVM', 'VMScheduled']);
  });

  it('writes into each event which command it came of', async () => {
    const { room } = await readyRoom();
    await room.ask(startVm('v1'));
    const events = [1, 2, 3, 4].map((sequence) => JSON.parse(room.nats.events.at(sequence).text) as CloudEvent);
    expect(events.map(({ commandtype }) => commandtype)).toEqual([
      'PushTemplate',
      'RegisterNode',
      'StartVM',
      'StartVM',
    ]);
  });

  it('answers a refused command and records that, and why; one that nobody asked for leaves no trace', async () => {
    const { room } = await readyRoom();
    const before = room.nats.events.last;
    await expect(room.ask({ type: 'TerminateVM', vmId: 'nobody' })).resolves.toMatchObject({
      refusal: { code: 'VM_UNKNOWN' },
    });
    expect(room.facts().slice(before)).toEqual(['CommandRefused']);
    await room.ask(registerNode('not an id', 1));
    expect(room.facts().slice(before)).toEqual(['CommandRefused']);
  });

  it('writes the desired state of a node after the log has the placement', async () => {
    const { room } = await readyRoom();
    await room.ask(startVm('v1'));
    const desired = await room.desired.get('n1');
    expect(desired).toMatchObject({ asOf: 4, vms: [{ vmId: 'v1', epoch: 4, wish: 'present', started: false }] });
  });

  it('lets a stand-by take over within about two seconds of a crash, with nothing lost and nothing twice', async () => {
    const { room, first } = await readyRoom();
    room.controlPlane('two');
    await room.ask(startVm('v1'));
    first.link.close();
    await room.commands.publish(room.envelope(startVm('v2'), 'late'));
    await room.clock.advanceBy(3000);
    expect(room.told).toContain('two is leader');
    expect(room.facts().filter((fact) => fact === 'StartVM')).toHaveLength(2);
    expect(room.facts().filter((fact) => fact === 'VMScheduled')).toHaveLength(2);
  });

  it('steps down when another writer was there, and reads the log again', async () => {
    const { room, first } = await readyRoom();
    room.controlPlane('two');
    first.link.cut();
    await room.clock.advanceBy(4000);
    await room.ask(startVm('v1'));
    first.link.heal();
    await room.clock.advanceBy(20_000);
    expect(first.plane.isLeader).toBe(false);
    expect(first.plane.cluster.sequence).toBe(room.nats.events.last);
  });

  it('finds the first outcome when a command is sent again', async () => {
    const { room } = await readyRoom();
    const once = await room.ask(startVm('v1'), 'same');
    await expect(room.ask(startVm('v1'), 'same')).resolves.toEqual(once);
    expect(room.facts().filter((fact) => fact === 'StartVM')).toHaveLength(1);
  });

  it('records a command that breaks the decider as failed, tells its sender, and goes on', async () => {
    const { room, first } = await readyRoom();
    const { templates } = first.plane.cluster;
    templates.get = () => {
      throw new Error('broken rule');
    };
    await expect(room.ask(startVm('v1'), 'poison', 2000)).resolves.toEqual({
      kind: 'refused',
      refusal: { code: 'COMMAND_FAILED', message: 'broken rule' },
    });
    expect(room.told.filter((line) => line.includes('struck'))).toHaveLength(2);
    Reflect.deleteProperty(templates, 'get');
    await expect(room.ask(startVm('v2'))).resolves.toMatchObject({ kind: 'accepted' });
    expect(room.facts()).toContain('CommandFailed');
  });

  it('reads the log anew when a command broke the decider in the middle of its changes, and decides it again', async () => {
    const { room, first } = await readyRoom();
    first.plane.cluster.vms.set = () => {
      throw new Error('broken once');
    };
    await expect(room.ask(startVm('v1'), 'retried', 3000)).resolves.toMatchObject({ kind: 'accepted' });
    expect(room.told).toContain('one ended: ClusterSpoilt');
    expect(room.facts().slice(-2)).toEqual(['StartVM', 'VMScheduled']);
  });

  it('records bytes that are no command as failed and goes on', async () => {
    const { room } = await readyRoom();
    await room.commands.publishRaw({ subject: 'muster.cmd.vm.StartVM', text: '{', messageId: 'junk' });
    await expect(room.ask(startVm('v2'))).resolves.toMatchObject({ kind: 'accepted' });
    expect(room.facts()).toContain('CommandFailed');
  });

  it('passes over events that a newer build wrote, and counts them for the metrics', async () => {
    const { room, first } = await readyRoom();
    const before = first.plane.unreadable;
    const follower = room.controlPlane('stand-by');
    const raw = { id: 'x:1', type: 'muster.vm.VMDanced', subject: 'v1', time: '2026-01-01T00:00:00Z', data: {} };
    room.nats.events.append({ subject: 'muster.evt.vm.v1.VMDanced', text: JSON.stringify(raw) });
    await room.clock.advanceBy(100);
    expect([before, follower.plane.unreadable]).toEqual([0, 1]);
    const registry = new Registry();
    measured(registry, () => follower.plane, {} as Observer);
    expect(await registry.metrics()).toContain('muster_events_unreadable_total{follower="control-plane"} 1');
    await follower.plane.stop();
  });

  it('removes a terminated VM when it was visible long enough', async () => {
    const { room } = await readyRoom(0);
    await room.ask(startVm('v1'));
    await room.ask({ type: 'TerminateVM', vmId: 'v1' });
    await room.clock.advanceBy(59_000);
    expect(room.facts()).not.toContain('VMRemoved');
    await room.clock.advanceBy(2000);
    expect(room.facts().filter((fact) => fact === 'VMRemoved')).toHaveLength(1);
  });

  it('tries a start again when the node says nothing for the start limit, and gives up after the last attempt', async () => {
    const { room, first } = await readyRoom();
    const beat = setVirtualInterval(room, () => first.watch.beat('n1'));
    await room.ask(startVm('v1'));
    await room.clock.advanceBy(300_000);
    beat.stop();
    const facts = room.facts().filter((fact) => fact.startsWith('VM'));
    expect(facts).toEqual([
      'VMScheduled',
      'VMStartAttemptFailed',
      'VMScheduled',
      'VMStartAttemptFailed',
      'VMScheduled',
      'VMFailedToStart',
    ]);
  });

  it('marks a silent node offline and online again when it beats', async () => {
    const { room, first } = await readyRoom();
    await room.clock.advanceBy(125_000);
    expect(room.facts()).toContain('NodeOffline');
    first.watch.beat('n1');
    await room.clock.advanceBy(2000);
    expect(room.facts().at(-1)).toBe('NodeOnline');
  });

  it('gives up what a silent node holds after the grace period, and keeps it if the node came back while nobody led', async () => {
    const { room, first } = await readyRoom();
    await room.ask(startVm('v1'));
    const { cluster } = first.plane;
    await room.commands.publish(room.envelope(reportStarted('n1', 'v1', cluster), 's1'));
    await room.clock.advanceBy(130_000);
    expect(room.facts().at(-1)).toBe('NodeOffline');
    first.link.close();
    await room.clock.advanceBy(3_600_000);
    const second = room.controlPlane('two');
    const beat = setVirtualInterval(room, () => second.watch.beat('n1'), 5000);
    await room.clock.advanceBy(300_000);
    expect(room.facts().slice(-2)).toEqual(['NodeOffline', 'NodeOnline']);
    beat.stop();
    await room.clock.advanceBy(710_000);
    expect(room.facts().at(-1)).toBe('NodeOffline');
    await room.clock.advanceBy(15_000);
    expect(room.facts().at(-1)).toBe('VMLost');
  });

  it('gives a node that is silent still no less than its grace period after a change of leaders', async () => {
    const { room, first } = await readyRoom();
    await room.ask(startVm('v1'));
    await room.commands.publish(room.envelope(reportStarted('n1', 'v1', first.plane.cluster), 's1'));
    await room.clock.advanceBy(130_000);
    first.link.close();
    await room.clock.advanceBy(595_000);
    room.controlPlane('two');
    await room.clock.advanceBy(115_000);
    expect(room.facts().at(-1)).toBe('NodeOffline');
    await room.clock.advanceBy(10_000);
    expect(room.facts().at(-1)).toBe('VMLost');
  });

  it('records the operator’s limits when they differ from those in the log', async () => {
    const room = new Room();
    room.controlPlane('one', { ...DEFAULT_POLICY, nodeSilentMs: 5000 });
    await room.clock.advanceBy(1000);
    expect(room.facts()).toEqual(['PolicyChanged']);
  });

  it('stops in order: what was decided is durable, and the lease is free at once', async () => {
    const { room, first } = await readyRoom();
    const stopped = first.plane.stop();
    await room.clock.advanceBy(100);
    await stopped;
    room.controlPlane('two');
    await room.clock.advanceBy(100);
    expect(room.told.at(-1)).toBe('two is leader');
  });
});

function setVirtualInterval(room: Room, callback: () => void, ms = 1000): { stop: () => void } {
  let running = true;
  const again = (): void => {
    if (!running) return;
    callback();
    room.clock.after(ms, again);
  };
  again();
  return { stop: () => (running = false) };
}
