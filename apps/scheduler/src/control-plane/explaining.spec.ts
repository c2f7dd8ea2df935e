import type { Explained } from '#events';
import type { MemoryLink } from '#events/testing';
import { pushTemplate, registerNode, startVm } from '../testing/commands.js';
import { Room } from '../testing/room.js';

async function explained(room: Room, vmId: string, ms = 3000): Promise<Explained | Error> {
  const answer = room.explainDoor.explain(vmId).catch((error: unknown) => error as Error);
  await room.clock.advanceBy(ms);
  return answer;
}

async function fullRoom(): Promise<{ room: Room; first: ReturnType<Room['controlPlane']> }> {
  const room = new Room();
  const first = room.controlPlane('one');
  await room.clock.advanceBy(1000);
  await room.ask(pushTemplate);
  await room.commands.publish(room.envelope(registerNode('n1', 1), 'r1'));
  await room.ask(startVm('v1', 'v2'));
  return { room, first };
}

describe('the control plane, asked about a VM', () => {
  it('says why it waits, or where it is, as of the last event in the log', async () => {
    const { room } = await fullRoom();
    const asOf = room.nats.events.last;
    expect(await explained(room, 'v1', 100)).toMatchObject({ asOf, explanation: { placed: { nodeId: 'n1' } } });
    expect(await explained(room, 'v2', 100)).toMatchObject({
      asOf,
      explanation: {
        sentence: 'Waits: no node has a free slot (1 full)',
        waits: { counts: { full: 1, available: 0 } },
      },
    });
  });

  it('says that there is no such VM', async () => {
    const { room } = await fullRoom();
    expect(await explained(room, 'v3', 100)).toEqual({ asOf: room.nats.events.last });
  });

  it('leaves the answer to the leader when it stands by, and gives it when it has taken over', async () => {
    const { room, first } = await fullRoom();
    const second = room.controlPlane('two');
    await room.clock.advanceBy(1000);
    expect(second.plane.isLeader).toBe(false);
    first.link.cut();
    expect(await explained(room, 'v1', 2000)).toMatchObject({ name: 'Unavailable', dependency: 'control-plane' });
    await room.clock.advanceBy(4000);
    expect(second.plane.isLeader).toBe(true);
    expect(await explained(room, 'v1', 100)).toMatchObject({ explanation: { phase: 'assigned' } });
  });

  it('says nothing that the log does not hold yet', async () => {
    const { room, first } = await fullRoom();
    const { last } = room.nats.events;
    const release = holdAppends(first.link);
    void room.door.send(room.envelope({ type: 'TerminateVM', vmId: 'v2' }, 'end')).catch(() => undefined);
    await room.clock.advanceBy(100);
    let answer: Explained | undefined;
    void room.explainDoor.explain('v2').then((explained) => (answer = explained));
    await room.clock.advanceBy(500);
    expect(first.plane.cluster.sequence).toBeGreaterThan(last);
    expect([answer, room.nats.events.last]).toEqual([undefined, last]);
    release();
    await room.clock.advanceBy(100);
    expect(answer).toMatchObject({ asOf: room.nats.events.last, explanation: { phase: 'terminated' } });
  });

  it('survives an explanation that fails', async () => {
    const { room, first } = await fullRoom();
    const { cluster } = first.plane;
    const pending = Object.getOwnPropertyDescriptor(cluster, 'pending');
    Object.defineProperty(cluster, 'pending', { ...pending, value: undefined });
    expect(await explained(room, 'v2')).toMatchObject({ name: 'Unavailable' });
    Object.defineProperty(cluster, 'pending', { ...pending });
    expect(room.told).toContain('one could not explain VM v2');
    expect(await explained(room, 'v2', 100)).toMatchObject({ explanation: { phase: 'pending' } });
  });
});

/** What the link sends to the log stays on the way until released. */
function holdAppends(link: MemoryLink): () => void {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const request = link.request.bind(link);
  link.request = async (subject, act) => {
    if (subject.startsWith('muster.evt.')) await held;
    return request(subject, act);
  };
  return release;
}
