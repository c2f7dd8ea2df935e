import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DesiredNode } from '#domain';
import { systemClock } from '../clock/clock.system.js';
import { sampleCommand, sampleDesired, sampleReport, until } from '../contract/samples.contract.js';
import { Unavailable } from '../fault.js';
import { agentInbox } from '../nats-users.js';
import type { Heartbeat } from '../ports/heartbeats.js';
import {
  CoreExplainDesk,
  CoreExplainDoor,
  CoreHeartbeats,
  JetStreamCommandQueue,
  JetStreamDesiredState,
  NatsLink,
} from './index.js';
import { RestrictedServer } from './restricted-server.contract.js';

jest.setTimeout(60_000);

describe('an agent with no more permissions than it needs', () => {
  let server: RestrictedServer;
  let plane: NatsLink;
  let agent: NatsLink;
  let refusals: string[];

  beforeAll(async () => {
    server = await RestrictedServer.start();
    plane = server.plane;
    ({ link: agent, refusals } = await server.linkAs('agent:a1', { inboxPrefix: agentInbox('mac.01') }));
  });

  afterAll(async () => {
    await agent?.close();
    await server?.stop();
  });

  it('reports, beats, and sees its own desired state', async () => {
    const beats: Heartbeat[] = [];
    new CoreHeartbeats(plane).subscribe((beat) => beats.push(beat));
    await plane.nc.flush();
    await new JetStreamDesiredState(plane).put('mac.01', sampleDesired(1));
    const seen: DesiredNode[] = [];
    const watch = await new JetStreamDesiredState(agent).watch('mac.01', (desired) => seen.push(desired));
    const published = await new JetStreamCommandQueue(agent).publish(sampleReport('r-1', 'mac.01'));
    new CoreHeartbeats(agent).publish({ nodeId: 'mac.01' } as Heartbeat);
    await until({ pass: (ms) => systemClock.sleep(ms) }, () => seen.length === 1 && beats.length === 1);
    expect(published.duplicate).toBe(false);
    expect(await new JetStreamDesiredState(agent).get('mac.01')).toEqual(sampleDesired(1));
    expect(refusals).toEqual([]);
    watch.stop();
  });

  it('can neither speak nor beat for another node, nor command, nor see what others are told', async () => {
    await new JetStreamDesiredState(plane).put('mac.02', sampleDesired(7));
    const last = await new JetStreamCommandQueue(plane).lastSequence();
    const beats: Heartbeat[] = [];
    new CoreHeartbeats(plane).subscribe((beat) => beats.push(beat));
    await plane.nc.flush();
    const queue = new JetStreamCommandQueue(agent);
    const seen: DesiredNode[] = [];
    const watch = await new JetStreamDesiredState(agent).watch('mac.02', (desired) => seen.push(desired));
    new CoreHeartbeats(agent).publish({ nodeId: 'mac.02' } as Heartbeat);
    const attempts = await Promise.allSettled([
      queue.publish(sampleReport('r-2', 'mac.02')),
      queue.publish(sampleCommand('c-2')),
      new JetStreamDesiredState(agent).get('mac.02'),
      new JetStreamDesiredState(agent).put('mac.01', sampleDesired(9)),
    ]);
    for (const attempt of attempts) expect(attempt).toMatchObject({ reason: expect.any(Unavailable) });
    expect(await new JetStreamCommandQueue(plane).lastSequence()).toBe(last);
    expect([seen, beats]).toEqual([[], []]);
    expect(refusals.join('\n')).toMatch(/muster\.rpt\.mac=2E02\.ReportVMLost/);
    watch.stop();
  });

  it('can neither ask the control plane about VMs nor answer for it', async () => {
    const asked: string[] = [];
    const hear = async (id: string) => void asked.push(id);
    new CoreExplainDesk(agent).open(hear);
    const desk = new CoreExplainDesk(plane).open(hear);
    await Promise.all([plane.nc.flush(), agent.nc.flush()]);
    const answers = [agent, plane].map((link) => new CoreExplainDoor(link, { timeoutMs: 500 }).explain('vm-1'));
    for (const answer of await Promise.allSettled(answers))
      expect(answer).toMatchObject({ reason: expect.any(Unavailable) });
    expect(asked).toEqual(['vm-1']);
    expect(refusals.join('\n')).toMatch(/Publish to "muster\.qry\.vm\.Explain"/);
    expect(refusals.join('\n')).toMatch(/Subscription to "muster\.qry\.vm\.Explain"/);
    desk.stop();
  });

  it('is not let in with a wrong password, which no message repeats', async () => {
    const refused = await NatsLink.connect({ url: `nats://agent:wr0ng@${server.url}`, name: 'x' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Unavailable);
    expect(String(refused)).toContain(`Cannot connect to NATS at ${server.url}`);
    expect(String(refused)).not.toContain('wr0ng');
  });
});
