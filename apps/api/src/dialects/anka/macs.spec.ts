import { AnkaClient, type Verb } from './anka-client.contract.js';

const RANGE = '0a:00:00:00:00:0e-0a:00:00:00:00:11';
let client: AnkaClient;
let call: AnkaClient['call'];

async function open(managed: boolean): Promise<void> {
  process.env.ANKA_MANAGE_MAC_ADDRESSES = String(managed);
  process.env.ANKA_MAC_ADDR_RANGE = RANGE;
  client = await AnkaClient.open();
  call = client.call.bind(client);
}
afterEach(async () => {
  delete process.env.ANKA_MANAGE_MAC_ADDRESSES;
  delete process.env.ANKA_MAC_ADDR_RANGE;
  await client.close();
});

const told = async (query = ''): Promise<unknown> => (await call('GET', `macaddr${query}`)).body;
const macOf = async (id: string): Promise<unknown> =>
  ((await call('GET', `vm?id=${id}`)).body as { mac_address?: string }).mac_address;

describe('macaddr', () => {
  it('is nothing before it is filled, and after it is purged', async () => {
    await open(true);
    const nothing = async () =>
      expect([await told(), await told('?in_use=1'), await told('?limit=5')]).toEqual([0, 0, []]);
    await nothing();
    expect((await call('PUT', 'macaddr')).text).toBe('{"status":"OK","message":""}\n');
    expect(await told()).toBe(4);
    expect((await call('DELETE', 'macaddr')).text).toBe('{"status":"OK","message":""}\n');
    await nothing();
    expect(await macOf(await client.started())).toBeUndefined();
  });

  it('gives instances the lowest that is free, and shows how many and which', async () => {
    await open(true);
    await call('PUT', 'macaddr');
    const own = await client.started({ mac_address: '0a:00:00:00:00:0f' });
    const given = await client.started();
    expect([await macOf(own), await macOf(given)]).toEqual(['0A:00:00:00:00:0F', '0A:00:00:00:00:0E']);
    const waiting = await client.started();
    expect(await macOf(waiting)).toBeUndefined();
    expect([await told('?count=1'), await told('?in_use=1'), await told('?count=1&in_use=1')]).toEqual([4, 2, 2]);
    expect(await told('?limit=10&in_use=1')).toEqual(['0A:00:00:00:00:0E', '0A:00:00:00:00:0F']);
    const epoch = (await client.house.vms.get(given))?.epoch ?? 0;
    await call('DELETE', 'vm', { id: given });
    await client.house.tell({ type: 'ReportVMTerminated', nodeId: 'mac-01', vmId: given, epoch });
    expect(await macOf(waiting)).toBe('0A:00:00:00:00:0E');
  });

  it('lists page after page', async () => {
    await open(true);
    await call('PUT', 'macaddr');
    expect(await told('?limit=2')).toEqual(['0A:00:00:00:00:0E', '0A:00:00:00:00:0F']);
    expect(await told('?limit=2&last=0A:00:00:00:00:0F')).toEqual(['0A:00:00:00:00:10', '0A:00:00:00:00:11']);
    expect(await told('?limit=2&last=0a:00:00:00:00:11')).toEqual([]);
    expect(await told('?limit=2&in_use=1&last=0a:00:00:00:00:11')).toEqual([]);
  });

  it.each<[Verb, string, string]>([
    ['GET', 'macaddr?limit=0', 'limit must be a whole number from 1 to 10000'],
    ['GET', 'macaddr?limit=many', 'limit must be a whole number from 1 to 10000'],
    ['GET', 'macaddr?limit=5&last=nope', 'last must be a MAC address'],
  ])('%s %s: %s', async (method, path, message) => {
    await open(true);
    expect(await call(method, path)).toMatchObject({ code: 400, status: 'FAIL', message });
  });

  it('cannot be filled where addresses are not managed', async () => {
    await open(false);
    const message = 'MAC addresses are not managed: ANKA_MANAGE_MAC_ADDRESSES is off';
    expect(await call('PUT', 'macaddr')).toMatchObject({ code: 400, status: 'FAIL', message });
  });
});
