import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Fleet } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { program } from '../support/root.js';
import { SseClient } from '../support/sse.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

const LIMIT_MS = 60_000;
/** A cut leaves at least 20,000 events: 10,000 behind the remnant, and as many in both. */
const REQUESTS_IN_VAIN = 21_000;
const AT_ONCE = 1000;

interface Told {
  readonly sequence: number;
  readonly type: string;
}

/** Asks for the end of VMs that there are not: each leaves an event that nothing needs. */
async function askInVain(fleet: Fleet): Promise<void> {
  const streams = jetstream(await fleet.nats());
  for (let n = 0; n < REQUESTS_IN_VAIN; n += AT_ONCE) {
    const asked = Array.from({ length: AT_ONCE }, (_, m) =>
      streams.publish('muster.cmd.vm.TerminateVM', JSON.stringify({ data: { vmId: `ghost-${n + m}` } }), {
        msgID: `ghost-${n + m}`,
      }),
    );
    await Promise.all(asked);
  }
}

describe('a fleet whose log is cut while it lives', () => {
  let fleet: Fleet;
  let template: string;
  let living: readonly string[];
  let gone: string;
  let storyOfGone: readonly Told[];

  const extent = async (): Promise<{ first: number; last: number }> => {
    const connection = await fleet.nats();
    const { state } = await (await jetstreamManager(connection)).streams.info('EVENTS');
    await connection.close();
    return { first: state.first_seq, last: state.last_seq };
  };
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${fleet.apiUrl}${path}`);
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const storyOf = async (id: string): Promise<readonly Told[]> =>
    (await get<{ items: readonly Told[] }>(`/api/v2/vms/${id}/history?order=oldest`)).items;
  const run = async (name: 'replay' | 'rebuild', ...args: string[]): Promise<{ code: unknown; output: string }> => {
    const env = { ...process.env, MUSTER_NATS_URL: fleet.natsUrl, MUSTER_DATABASE_URL: fleet.databaseUrl };
    const child = spawn(process.execPath, [program('tools', name, 'main.js'), ...args], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [unknown];
    return { code, output };
  };

  beforeAll(async () => {
    fleet = await Fleet.start({
      ...{ driver: 'simulated', nodes: 2, bootMs: 50, ephemeralDatabase: true },
      env: { MUSTER_EVENTS_RETENTION: '10s', MUSTER_RETENTION_INTERVAL: '1s', ANKA_INSTANCE_TIME_OUT: '1s' },
    });
    template = await offerPretendedTemplate(fleet);
    const started = await fleet.anka.start({ vmid: template, count: 3 });
    for (const id of started) await reaches(fleet.anka, id, 'Started', LIMIT_MS);
    [gone = '', ...living] = started;
    await fleet.anka.terminate(gone);
    const isForgotten = async () => !(await fleet.anka.instances()).some(({ instance_id: id }) => id === gone);
    await until('The VM is forgotten', isForgotten, LIMIT_MS);
    storyOfGone = await storyOf(gone);
    await askInVain(fleet);
    const last = storyOfGone.at(-1)?.sequence ?? Infinity;
    await until('The log is cut', async () => (await extent()).first > last, LIMIT_MS);
    for (const name of ['scheduler', 'api'] as const) await fleet.member(name).kill();
    for (const name of ['scheduler', 'api'] as const) await fleet.member(name).start();
    await fleet.ready();
  });
  afterAll(() => fleet?.close());

  it('has the VMs that live, after everybody has begun anew, and ends and starts some', async () => {
    for (const id of living) expect((await fleet.anka.instance(id)).instance_state).toBe('Started');
    const [first = ''] = living;
    await fleet.anka.terminate(first);
    const isGone = async () => !(await fleet.anka.instances()).some(({ instance_id: id }) => id === first);
    await until('It has ended', isGone, LIMIT_MS);
    const [next = ''] = await fleet.anka.start({ vmid: template });
    await reaches(fleet.anka, next, 'Started', LIMIT_MS);
  });

  it('tells from the archive what was cut off: the story of a VM, and events from any place', async () => {
    const { first } = await extent();
    const story = await storyOf(gone);
    expect(story).toEqual(storyOfGone);
    expect(story.map(({ type }) => type)).toContain('muster.vm.VMTerminated');
    const [begin] = story;
    const after = (begin?.sequence ?? 0) - 1;
    expect(after).toBeLessThan(first);
    const stream = await SseClient.open(`${fleet.apiUrl}/api/v2/stream?after=${after}`);
    expect(stream.status).toBe(200);
    await stream.untilEvents(100);
    stream.close();
    expect(stream.sequences.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, n) => after + 1 + n));
    expect(stream.events[0]?.event).toBe(begin?.type);
  });

  it('can be replayed from where the log begins, and its views made anew', async () => {
    const replayed = await run('replay', '--check');
    expect(replayed.output).toMatch(/[1-9]\d* commands replayed, .*: 0 differences/);
    expect(replayed.output).toMatch(/[1-9]\d* commands not looked at: their turn was before the streams were cut/);
    expect(replayed.code).toBe(0);
    const before = (await fleet.anka.instances()).map(({ instance_id: id }) => id).sort();
    expect(await run('rebuild')).toMatchObject({ code: 0 });
    const after = (await fleet.anka.instances()).map(({ instance_id: id }) => id).sort();
    expect(after).toEqual(before);
    expect(after).toContain(living[1]);
  });
});
