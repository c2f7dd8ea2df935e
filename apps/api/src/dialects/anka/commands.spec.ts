import { instance, join, seatOf } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, idsOf } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let call: AnkaClient['call'];
let start: AnkaClient['start'];
let run: AnkaClient['run'];
beforeEach(async () => {
  client = await AnkaClient.open();
  house = client.house;
  call = client.call.bind(client);
  start = client.start.bind(client);
  run = client.run.bind(client);
});
afterEach(() => client.close());

describe('POST vm', () => {
  it('answers as many ids as asked for, and each is there at once', async () => {
    const ids = idsOf(await start({ count: 3 }));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect((await call('GET', `vm?id=${id}`)).body).toMatchObject({ instance_id: id });
    const listed: { instance_id: string }[] = (await call('GET', 'vm')).body;
    expect(listed.map(({ instance_id }) => instance_id)).toEqual(ids);
  });

  it.each<[object, number, string]>([
    [{ vmid: 'nope' }, 400, 'VM not in the registry'],
    [{ tag: 'v9' }, 200, 'No such tag v9'],
    [{ version: 4 }, 400, 'No such version 4'],
    [{ node_id: 'nope' }, 400, 'No such node nope'],
    [{ group_id: 'g1' }, 400, 'No such group g1'],
    [{ count: 0 }, 400, 'count must be a whole number from 1 to 1000'],
    [{ count: 1001 }, 400, 'count must be a whole number from 1 to 1000'],
    [{ vram: 1 }, 400, 'vram is 1: must be a whole number from 64 to 4194304'],
    [{ tag: 7 }, 400, 'tag must be a string of at most 4096 characters'],
    [{ startup_script: '%' }, 400, 'startup_script must be standard base64 with padding'],
    [{ metadata: { a: [] } }, 400, 'metadata must be an object with texts, numbers or booleans'],
  ])('refuses %j', async (body, code, message) => {
    const answer = await start(body);
    expect([answer.code, answer.status, answer.message]).toEqual([code, 'FAIL', message]);
    expect(answer.body).toBeUndefined();
    expect(house.cluster.vms.size).toBe(0);
  });

  it('keeps the script apart: only its reference enters the log', async () => {
    const script = 'export TOKEN=very-secret\n';
    const startup_script = Buffer.from(script).toString('base64');
    const [id = ''] = idsOf(await start({ startup_script, script_monitoring: true, vnc_password: 'pass-word-x' }));
    const stored = house.cluster.vms.get(id as never)?.request.script;
    expect(house.blobs.blobs.get(stored?.digest ?? '')?.toString()).toBe(script);
    const logged = house.logged();
    expect(logged).toContain(stored?.digest);
    for (const secret of ['very-secret', startup_script, 'pass-word-x']) expect(logged).not.toContain(secret);
  });
});

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'job-17' };

  it('makes a repeated start find the first one', async () => {
    const first = await start({ count: 2 }, key);
    await house.clock.advanceBy(3_600_000);
    expect((await start({ count: 2 }, key)).text).toBe(first.text);
    expect(house.cluster.vms.size).toBe(2);
    const other = await start({ count: 2 }, { 'idempotency-key': 'job-18' });
    expect(idsOf(other)).not.toEqual(idsOf(first));
    expect(house.cluster.vms.size).toBe(4);
  });

  it('is the id of the request for everybody to see, but not the key itself', async () => {
    const [id = ''] = idsOf(await start({}, key));
    const { inflight_reqid } = (await call('GET', `vm?id=${id}`)).body as { inflight_reqid: string };
    expect(inflight_reqid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('means another request on another route', async () => {
    const [id = ''] = idsOf(await start({}, key));
    await call('DELETE', 'vm', { id }, key);
    expect(await house.vms.get(id)).toMatchObject({ phase: 'terminating' });
  });

  it('restarts once, however often it is repeated', async () => {
    const [id = ''] = idsOf(await start());
    await run(id);
    for (let n = 0; n < 3; n++) await call('POST', 'rpc/vm/restart', { instance_id: id }, key);
    expect(await house.vms.get(id)).toMatchObject({ restarts: 1 });
  });

  it('must be one', async () => {
    const answer = await start({}, { 'idempotency-key': 'x'.repeat(129) });
    expect(answer).toMatchObject({ code: 400, message: expect.stringContaining('Idempotency-Key must be') });
  });
});

describe('changes of a VM', () => {
  it('merge metadata and show at once', async () => {
    const [id = ''] = idsOf(await start({ metadata: { a: 1, b: 2 } }));
    await call('PUT', `vm?id=${id}`, { metadata: { b: 3, c: 'x' }, external_id: 'e' });
    expect((await call('GET', `vm?id=${id}`)).body).toMatchObject({
      metadata: { a: 1, b: 3, c: 'x' },
      external_id: 'e',
    });
  });

  it('refuse a name that is too long', async () => {
    const [id = ''] = idsOf(await start());
    expect(await call('PUT', `vm?id=${id}`, { name: 'x'.repeat(257) })).toMatchObject({ code: 400, status: 'FAIL' });
  });

  it('end it, and ending it again is no error until it is gone', async () => {
    const [id = ''] = idsOf(await start());
    for (let n = 0; n < 2; n++) expect(await call('DELETE', 'vm', { id })).toMatchObject({ code: 200, status: 'OK' });
    await house.tell({ type: 'ReportVMTerminated', ...seatOf(house, id) });
    expect(await call('DELETE', 'vm', { id })).toMatchObject({ code: 200, status: 'OK' });
    await house.clock.advanceBy(60_000);
    await house.tell({ type: 'RunTimers' });
    expect(await call('DELETE', 'vm', { id })).toMatchObject({ code: 200, status: 'FAIL', message: 'Not found' });
  });

  it('restart it only while it runs', async () => {
    const [id = ''] = idsOf(await start());
    const early = await call('POST', 'rpc/vm/restart', { instance_id: id });
    expect([early.code, early.message]).toEqual([400, 'Unexpected VM state: "assigned"']);
    await run(id);
    expect(await call('POST', 'rpc/vm/restart', { instance_id: id })).toMatchObject({ code: 200, status: 'OK' });
    expect((await call('GET', `vm?id=${id}`)).body).toMatchObject({ instance_state: 'Started' });
  });
});

describe('nodes', () => {
  it('are an array, also when one is asked for', async () => {
    await house.tell(join('mac-02'));
    const all: { node_id: string }[] = (await call('GET', 'node')).body;
    expect(all.map(({ node_id }) => node_id)).toEqual(['mac-01', 'mac-02']);
    expect((await call('GET', 'node?id=mac-02')).body).toEqual([all[1]]);
  });

  it('are configured field by field', async () => {
    await call('POST', 'node/config', { node_id: 'mac-01', max_vm_count: 5 });
    await call('POST', 'node/config', { node_id: 'mac-01', drain_mode: true, name: 'studio', host: '10.1.1.1' });
    expect((await call('GET', 'node?id=mac-01')).body).toEqual([
      expect.objectContaining({ capacity: 5, state: 'Drain Mode', node_name: 'studio', ip_address: '10.1.1.1' }),
    ]);
  });

  it('refuse a capacity below their use, and one that is out of range', async () => {
    await start({ count: 2 });
    expect(await call('POST', 'node/config', { node_id: 'mac-01', max_vm_count: 1 })).toMatchObject({
      code: 400,
      message: 'max_vm_count is 1: must be at least 2, the VMs on the node',
    });
    expect(await call('POST', 'node/config', { node_id: 'mac-01', max_vm_count: -1 })).toMatchObject({
      code: 400,
      message: 'max_vm_count must be a whole number from 0 to 10000',
    });
  });

  it('are Unhealthy when VMs that failed hold every seat, and only then', async () => {
    const stateOf = async () => ((await call('GET', 'node')).body as { state: string }[])[0]?.state;
    const ids = idsOf(await start({ count: 2 }));
    expect(await stateOf()).toBe('Active');
    for (const id of ids) {
      const failure = { message: 'startup script exit code 1', retryable: false, instance: instance() };
      await house.tell({ type: 'ReportVMStartFailed', ...seatOf(house, id), ...failure });
    }
    expect(await stateOf()).toBe('Unhealthy');
    await call('DELETE', 'vm', { id: ids[0] });
    expect(await stateOf()).toBe('Active');
  });
});
