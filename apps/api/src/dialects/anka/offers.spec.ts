import { join, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import { AnkaClient } from './anka-client.contract.js';

let client: AnkaClient;
beforeEach(async () => {
  client = await AnkaClient.open();
  const usbDevices = [
    { id: 'u1', group: 'phone' },
    { id: 'u2', group: 'phone' },
    { id: 'u3', group: 'audio' },
  ];
  await client.house.tell(join('mac-02', { facts: { usbDevices, vlans: ['red', 'blue'] } }));
  await client.house.tell(join('mac-03', { facts: { vlans: ['blue', '12'] } }));
});
afterEach(() => client.close());

const shown = async (body: object): Promise<object> =>
  (await client.call('GET', `vm?id=${await client.started(body)}`)).body;

describe('what nodes have beyond room', () => {
  it('GET usb counts devices by group, those that instances hold as busy, until they end', async () => {
    const counts = async () => (await client.call('GET', 'usb')).body as object;
    expect(await counts()).toEqual({ audio: { available: 1, busy: 0 }, phone: { available: 2, busy: 0 } });
    const id = await client.started({ usb_device: 'phone' });
    expect(await counts()).toMatchObject({ phone: { available: 1, busy: 1 } });
    const epoch = (await client.house.vms.get(id))?.epoch ?? 0;
    await client.call('DELETE', 'vm', { id });
    await client.house.tell({ type: 'ReportVMTerminated', nodeId: 'mac-02', vmId: id, epoch });
    expect(await counts()).toMatchObject({ phone: { available: 2, busy: 0 } });
  });

  it('GET vlan lists every network once', async () => {
    expect((await client.call('GET', 'vlan')).body).toEqual(['12', 'blue', 'red']);
  });

  it('is {} and [] where there is nothing', async () => {
    for (const nodeId of ['mac-01', 'mac-02', 'mac-03']) await client.call('DELETE', 'node', { node_id: nodeId });
    expect((await client.call('GET', 'usb')).text).toBe('{"status":"OK","message":"","body":{}}\n');
    expect((await client.call('GET', 'vlan')).text).toBe('{"status":"OK","message":"","body":[]}\n');
  });

  it('is shown of the node', async () => {
    expect((await client.call('GET', 'node')).body).toMatchObject([
      { usb_devices: null },
      { usb_devices: [{ id: 'u1', group: 'phone' }, { id: 'u2' }, { id: 'u3', group: 'audio' }] },
      { usb_devices: null },
    ]);
  });
});

describe('an instance that asks for it', () => {
  it('goes where it is, and shows what it asked for', async () => {
    expect(await shown({ usb_device: 'audio', vlan_tag: 'blue', mac_address: '0a:bc:00:00:00:01' })).toMatchObject({
      ...{ instance_state: 'Scheduling', node_id: 'mac-02' },
      ...{ usb_device: 'audio', vlan: 'blue', mac_address: '0A:BC:00:00:00:01' },
    });
    expect(await shown({ vlan_tag: 12 })).toMatchObject({ node_id: 'mac-03', vlan: '12' });
  });

  it('waits while all such devices are busy', async () => {
    await client.start({ usb_device: 'u3' });
    const waiting = await shown({ usb_device: 'u3' });
    expect(waiting).toMatchObject({ instance_state: 'Scheduling', usb_device: 'u3' });
    expect(waiting).not.toHaveProperty('node_id');
  });

  it('waits for the address that another one has', async () => {
    await client.start({ mac_address: '0A:BC:00:00:00:01' });
    expect(await shown({ mac_address: '0a:bc:00:00:00:01' })).not.toHaveProperty('node_id');
  });

  it('does not wait for what no node has, nor for a text that is no address: none of it is an error', async () => {
    const instance = await shown({ usb_device: 'rocket', vlan_tag: '4095', mac_address: 'mine' });
    expect(instance).toMatchObject({ instance_state: 'Scheduling', node_id: expect.any(String), vlan: '' });
    for (const field of ['usb_device', 'mac_address']) expect(instance).not.toHaveProperty(field);
    expect([...client.house.cluster.vms.values()][0]?.request.passthrough).toEqual({
      ...{ usb_device: 'rocket', vlan_tag: '4095', mac_address: 'mine' },
    });
  });

  it('may name a device when it restarts', async () => {
    const id = await client.started();
    await client.run(id);
    const body = { instance_id: id, usb_device: { odd: 1 }, vnc_password: 'x' };
    expect((await client.call('POST', 'rpc/vm/restart', body)).text).toBe('{"status":"OK","message":""}\n');
  });

  it('shows nothing of it when it asked for nothing', async () => {
    const text = JSON.stringify(await shown({ vmid: TEMPLATE_ID }));
    expect(text).toContain('"vlan":""');
    expect(text).not.toMatch(/usb_device|mac_address|group_id/);
  });
});
