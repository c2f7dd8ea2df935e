import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fleet, type MemberName } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(240_000);

const BACK_LIMIT_MS = 30_000;

describe('a part that is away', () => {
  let fleet: Fleet;
  let template: string;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'simulated', nodes: 2, bootMs: 50 });
    template = await offerPretendedTemplate(fleet);
  });
  afterAll(() => fleet?.close());

  const post = (key: string) =>
    fleet.anka.ask<string[]>('POST', '/api/v1/vm', { vmid: template }, { 'idempotency-key': key });

  async function expect503(key: string): Promise<void> {
    const { status, headers, envelope } = await post(key);
    expect({ status, envelope }).toEqual({ status: 503, envelope: { status: 'FAIL', message: expect.any(String) } });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }

  /** Repeats the request, as a client that heeds Retry-After does, until it is answered. */
  function untilAnswered(key: string): Promise<readonly string[]> {
    const look = async (): Promise<readonly string[] | undefined> => {
      const { status, envelope } = await post(key);
      return status === 200 && envelope.status === 'OK' ? envelope.body : undefined;
    };
    return until('The request is answered', look, BACK_LIMIT_MS);
  }

  async function expectUnready(part: RegExp): Promise<void> {
    let last = '';
    const look = async (): Promise<boolean> => {
      const { status, text } = await fleet.anka.readiness();
      last = `${status} ${text}`;
      return status === 503 && part.test(text);
    };
    await until('The API says what is away', look, BACK_LIMIT_MS, () => last);
  }

  async function expectOneVm(key: string, ids: readonly string[]): Promise<void> {
    expect(ids).toHaveLength(1);
    expect(await untilAnswered(key)).toEqual(ids);
    await reaches(fleet.anka, ids[0] as string, 'Started');
  }

  const vmCount = async (): Promise<number> => (await fleet.anka.instances()).length;

  async function survives(name: MemberName, part: RegExp): Promise<void> {
    const [pids, before] = [
      (['api', 'scheduler', 'node-agent'] as const).map((app) => fleet.member(app).pid),
      await vmCount(),
    ];
    await fleet.member(name).kill();
    await expectUnready(part);
    await expect503(`during-${name}`);
    await fleet.member(name).start();
    await fleet.ready();
    const ids = await untilAnswered(`during-${name}`);
    await expectOneVm(`during-${name}`, ids);
    expect(await vmCount()).toBe(before + 1);
    expect((['api', 'scheduler', 'node-agent'] as const).map((app) => fleet.member(app).pid)).toEqual(pids);
  }

  it('NATS: requests get 503 and Retry-After, readiness names it, and all is well again without a restart', async () => {
    await survives('nats', /"nats"/);
  });

  it('Postgres: requests get 503 and Retry-After, readiness names it, and all is well again without a restart', async () => {
    await survives('postgres', /"postgres"/);
  });

  it('Postgres: reading says 503, too', async () => {
    await fleet.member('postgres').kill();
    const { status, headers } = await fleet.anka.ask('GET', '/api/v1/vm');
    await fleet.member('postgres').start();
    expect(status).toBe(503);
    expect(headers.get('retry-after')).not.toBeNull();
    await fleet.ready();
  });

  it('the control plane: the request is queued, and the same key finds its outcome', async () => {
    const before = await vmCount();
    await fleet.member('scheduler').kill();
    await expect503('queued');
    await fleet.member('scheduler').start();
    // Nobody asks again: the request is carried out all the same.
    const isThere = async (): Promise<boolean> => (await vmCount()) === before + 1;
    await until('The queued request is carried out', isThere, BACK_LIMIT_MS);
    await expectOneVm('queued', await untilAnswered('queued'));
    expect(await vmCount()).toBe(before + 1);
  });

  it('the node agent: a VM waits for it', async () => {
    await fleet.member('node-agent').kill();
    const ids = await untilAnswered('no-agent');
    expect((await fleet.anka.instance(ids[0] as string)).instance_state).toBe('Scheduling');
    await fleet.member('node-agent').start();
    await reaches(fleet.anka, ids[0] as string, 'Started');
  });

  it('left a log that the same rules would write again', async () => {
    const { events, differences } = await replayOf(fleet);
    expect(events).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });
});
