import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DesiredNode } from '#domain';
import { findCommand } from '../../../../tools/services/find-command.js';
import { freePort } from '../../../../tools/services/ports.js';
import { systemClock } from '../clock/clock.system.js';
import { sampleCommand, sampleDesired, sampleReport, until } from '../contract/samples.contract.js';
import { Unavailable } from '../fault.js';
import type { Heartbeat } from '../ports/heartbeats.js';
import {
  CoreExplainDesk,
  CoreExplainDoor,
  CoreHeartbeats,
  ensureStreams,
  JetStreamCommandQueue,
  JetStreamDesiredState,
  NatsLink,
} from './index.js';

jest.setTimeout(60_000);

/** What an agent may do, and nothing else: law 6, as a NATS server enforces it. */
const configuration = (port: number, dir: string): string => `
listen: "127.0.0.1:${port}"
jetstream { store_dir: ${JSON.stringify(dir)} }
authorization {
  users = [
    { user: "plane", password: "p:w/1" }
    { user: "agent", password: "a1", permissions: {
        publish: [
          "muster.rpt.mac=2E01.*", "muster.hb.mac=2E01",
          "$JS.API.DIRECT.GET.KV_muster_desired.$KV.muster_desired.mac=2E01",
          "$JS.API.CONSUMER.CREATE.KV_muster_desired.*.$KV.muster_desired.mac=2E01",
          "$JS.API.CONSUMER.MSG.NEXT.KV_muster_desired.*"
        ]
        subscribe: ["_INBOX_agent.>"]
    } }
  ]
}
`;

describe('an agent with no more permissions than it needs', () => {
  let server: ChildProcess;
  let url: string;
  let plane: NatsLink;
  let agent: NatsLink;
  const dir = mkdtempSync(join(tmpdir(), 'muster-acl-'));
  const refusals: string[] = [];

  beforeAll(async () => {
    const port = await freePort();
    writeFileSync(join(dir, 'nats.conf'), configuration(port, join(dir, 'store')));
    const command = findCommand('nats-server');
    if (command === undefined) throw new Error('nats-server must be installed for this test');
    server = spawn(command, ['-c', join(dir, 'nats.conf')], { stdio: 'ignore' });
    url = `127.0.0.1:${port}`;
    plane = await patiently(() => NatsLink.connect({ url: `nats://plane:p%3Aw%2F1@${url}`, name: 'plane' }));
    await ensureStreams(plane);
    agent = await NatsLink.connect({
      url: `nats://agent:a1@${url}`,
      name: 'agent',
      inboxPrefix: '_INBOX_agent',
      onStatus: ({ level, message }) => void (level === 'error' && refusals.push(message)),
    });
  });

  afterAll(async () => {
    await agent.close();
    await plane.close();
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });

  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Unavailable) || attempt === 50) throw error;
        await systemClock.sleep(100);
      }
    }
  };

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
    const refused = await NatsLink.connect({ url: `nats://agent:wr0ng@${url}`, name: 'x' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Unavailable);
    expect(String(refused)).toContain(`Cannot connect to NATS at ${url}`);
    expect(String(refused)).not.toContain('wr0ng');
  });
});
