import { beat, instance, join, push, seatOf, TEMPLATE_ID } from '../../../testing/fleet.contract.js';
import { House } from '../../../testing/house.contract.js';
import type { NodeDto } from '../dto/node.dto.js';
import { needsCounting, nodeOf } from './node.js';

let house: House;
beforeEach(async () => {
  house = new House().begin();
  await house.tell(push('v3', 'a'));
});
afterEach(() => house.end());

async function shown(alive = 1, nodeId = 'mac-01'): Promise<NodeDto> {
  const node = await house.nodes.get(nodeId);
  if (node === undefined) throw new Error(`Node ${nodeId} has no row`);
  const templates = new Map((await house.templates.list()).map((template) => [template.id, template]));
  const heard = house.vitals.of(nodeId);
  return nodeOf(node, { templates, groups: await house.groups.list(), ...(heard && { beat: heard }), alive });
}

describe('a node', () => {
  it('shows every field of the contract', async () => {
    await house.tell(join('mac-01'));
    await house.tell({ type: 'ReportTemplatePulled', nodeId: 'mac-01', templateId: TEMPLATE_ID, tag: 'v3' });
    await house.tell({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: TEMPLATE_ID } });
    await house.clock.advanceBy(61_500);
    house.vitals.hear(beat('mac-01'));
    const node = await shown();
    expect(node).toEqual({
      node_id: 'mac-01',
      node_name: 'mac-01.example',
      cpu_count: 8,
      ram: 32,
      vm_count: 1,
      vcpu_count: 4,
      vram: 8192,
      cpu_util: 0.12,
      ram_util: 0.25,
      ip_address: '10.0.0.11',
      state: 'Active',
      capacity: 2,
      anka_version: {
        product: 'Muster tart',
        version: '2.20.0',
        build: '',
        license: 'enterprise plus',
        expires: '31-dec-2099',
      },
      usb_devices: null,
      capacity_mode: 'number',
      vcpu_override: 0,
      ram_override: 0,
      disk_size: 994_662_584_320,
      free_disk_space: 306_762_862_592,
      anka_disk_usage: 21_474_836_480,
      host_arch: 'arm64',
      templates: [{ uuid: TEMPLATE_ID, name: 'macos', tag: 'v3' }],
      last_updated: '2026-03-01T10:01:01.500Z',
      timestamp: 1_772_359_261,
      agent_version: expect.stringMatching(/^0\.1\.0-[0-9a-f]{8}$/),
    });
  });

  it('that was never heard has whole numbers all the same, and no templates key', async () => {
    await house.tell(join('mac-01', { facts: { memoryMiB: 15_800, agentVersion: '1.50.1-5e3c3f5b' } }));
    const node = await shown();
    expect(node).toMatchObject({ ram: 15, cpu_util: 0, ram_util: 0, disk_size: 0, free_disk_space: 0 });
    expect(node.agent_version).toBe('1.50.1-5e3c3f5b');
    expect(node).not.toHaveProperty('templates');
    for (const value of Object.values(node)) {
      if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  it('keeps utilisation between 0 and 1 and sizes whole, whatever the node says', async () => {
    await house.tell(join('mac-01'));
    house.vitals.hear(beat('mac-01', { cpuUtil: 1.7, ramUtil: -0.1, diskBytes: 10.6, freeDiskBytes: -5 }));
    expect(await shown()).toMatchObject({ cpu_util: 1, ram_util: 0, disk_size: 11, free_disk_space: 0 });
  });

  it('still names a cached template that left the registry, by its id', async () => {
    await house.tell(join('mac-01'));
    await house.tell({ type: 'ReportTemplatePulled', nodeId: 'mac-01', templateId: TEMPLATE_ID, tag: 'v3' });
    await house.tell({ type: 'DeleteRegistryVm', templateId: TEMPLATE_ID });
    expect(await shown()).toMatchObject({
      templates: [{ uuid: TEMPLATE_ID, name: TEMPLATE_ID, tag: 'v3' }],
      anka_disk_usage: 0,
    });
  });

  it('counts its capacity in virtual CPUs in resource mode', async () => {
    await house.tell(join('mac-01', { config: { capacityMode: 'resource', memoryMiBOverride: 16_384 } }));
    expect(await shown()).toMatchObject({ capacity: 16, capacity_mode: 'resource', ram_override: 16 });
    await house.tell({ type: 'ConfigNode', nodeId: 'mac-01', config: { vcpuOverride: 6 } });
    expect(await shown()).toMatchObject({ capacity: 6, vcpu_override: 6 });
  });
});

describe('the state of a node', () => {
  it('is Offline when it is silent, even while draining', async () => {
    await house.tell(join('mac-01', { config: { drain: true } }));
    expect((await shown(0)).state).toBe('Drain Mode');
    await house.tell({ type: 'MarkNodeSilent', nodeId: 'mac-01', lastBeatAt: 0 });
    expect((await shown(0)).state).toBe('Offline');
    await house.tell({ type: 'MarkNodeHeard', nodeId: 'mac-01' });
    await house.tell({ type: 'ConfigNode', nodeId: 'mac-01', config: { drain: false } });
    expect((await shown()).state).toBe('Active');
  });

  it('is Unhealthy when every seat is held by a VM that failed', async () => {
    await house.tell(join('mac-01', { config: { capacity: 1 } }));
    await house.tell({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: TEMPLATE_ID } });
    expect((await shown(0)).state).toBe('Unhealthy');
    expect((await shown(1)).state).toBe('Active');
  });

  it('is Inactive (Invalid License) when the hypervisor says so', async () => {
    await house.tell(join('mac-01', { facts: { licence: 'invalid' } }));
    expect((await shown()).state).toBe('Inactive (Invalid License)');
    await house.tell(join('mac-01', { facts: { licence: 'valid' } }));
    expect((await shown()).state).toBe('Active');
  });

  it('counts VMs that were started by hand among those of the node', async () => {
    await house.tell(join('mac-01'));
    await house.tell({ type: 'ReportUnknownVMs', nodeId: 'mac-01', vms: 2 });
    expect(await shown()).toMatchObject({ vm_count: 2, state: 'Active' });
    await house.tell(join('mac-01'));
    expect(await shown()).toMatchObject({ vm_count: 0 });
  });

  it('needs a look at the VMs only when no seat is free and nothing runs', async () => {
    await house.tell(join('mac-01', { config: { capacity: 1 } }));
    const looks = async () => needsCounting((await house.nodes.get('mac-01'))!, house.vitals.of('mac-01'));
    expect(await looks()).toBe(false);
    await house.tell({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: TEMPLATE_ID } });
    expect(await looks()).toBe(true);
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, 'vm-1'), instance: instance() });
    house.vitals.hear(beat('mac-01', { vmCount: 1 }));
    expect(await looks()).toBe(false);
  });
});
