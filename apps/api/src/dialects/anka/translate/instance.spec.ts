import {
  beat,
  instance,
  join,
  push,
  SCRIPT_BAD,
  SCRIPT_OK,
  seatOf,
  TEMPLATE_ID,
} from '../../../testing/fleet.contract.js';
import { House } from '../../../testing/house.contract.js';
import type { VmRow } from '../../../views/index.js';
import type { InstanceDto } from '../dto/instance.dto.js';
import { listedInstanceOf, type Moment, singleInstanceOf } from './instance.js';

const VM = '0a11ce00-1111-4a5b-5c5d-000000000001';
/** What anka.md §3.11 shows of every instance, whatever its phase. */
const ALWAYS = [
  'anka_registry',
  'arch',
  'cr_time',
  'inflight_reqid',
  'instance_id',
  'instance_state',
  'progress',
  'tag',
  'ts',
  'vlan',
  'vmid',
];

let house: House;
const moment: Moment = {
  registry: 'http://reg.example:8089',
  pullProgress: (vmId) => house.vitals.pullProgress(vmId),
  heardAt: (nodeId) => house.vitals.of(nodeId)?.heardAt,
};

beforeEach(async () => {
  house = new House().begin();
  await house.tell(push('v3', 'a'));
});
afterEach(() => house.end());

const start = (request: object = {}) =>
  house.tell({ type: 'StartVM', vmIds: [VM], request: { templateId: TEMPLATE_ID, ...request } });
const row = async (): Promise<VmRow> => {
  const found = await house.vms.get(VM);
  if (found === undefined) throw new Error('The VM has no row');
  return found;
};
const shown = async (): Promise<InstanceDto> => singleInstanceOf(await row(), moment);
const keys = (value: object): string[] => Object.keys(value).sort();
const with_ = (...more: string[]): string[] => [...ALWAYS, ...more].sort();

describe('an instance, phase by phase', () => {
  it('that waits for a node is Scheduling, without node and vminfo', async () => {
    await start({ externalId: 'ci-1' });
    const vm = await shown();
    expect(vm).toMatchObject({ instance_state: 'Scheduling', progress: 0, tag: 'v3', arch: 'arm64', vlan: '' });
    expect(keys(vm)).toEqual(with_('external_id'));
  });

  it('that was given a node is still Scheduling, with the node', async () => {
    await house.tell(join('mac-01'));
    await start();
    const vm = await shown();
    expect(vm).toMatchObject({ instance_state: 'Scheduling', node_id: 'mac-01', progress: 0 });
    expect(keys(vm)).toEqual(with_('node_id'));
  });

  it('whose template is pulled is Pulling, with the progress of which its node speaks', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMPulling', ...seatOf(house, VM) });
    expect(await shown()).toMatchObject({ instance_state: 'Pulling', progress: 0 });
    house.vitals.hear(beat('mac-01', { pulls: { [VM]: 0.25 } }));
    expect(await shown()).toMatchObject({ instance_state: 'Pulling', progress: 0.25 });
    house.vitals.hear(beat('mac-01', { pulls: { [VM]: 1.0000001 } }));
    expect((await shown()).progress).toBe(1);
    await house.tell({ type: 'ReportVMPulled', ...seatOf(house, VM) });
    expect(await shown()).toMatchObject({ instance_state: 'Scheduling', progress: 0 });
    expect(keys(await shown())).toEqual(with_('node_id'));
  });

  it('that runs is Started, with vminfo and the result of its monitored script', async () => {
    await house.tell(join('mac-01'));
    await start({ name: 'nightly', metadata: { build: 17 }, version: 0 });
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance(), script: SCRIPT_OK });
    const vm = await shown();
    expect(keys(vm)).toEqual(with_('metadata', 'name', 'node_id', 'startup_script', 'version', 'vminfo'));
    expect(vm).toMatchObject({ instance_state: 'Started', version: 0, metadata: { build: 17 } });
    expect(vm.startup_script).toEqual({ return_code: 0, did_timeout: false, stdout: 'ready\n', stderr: '' });
    expect(vm.vminfo).toEqual({
      uuid: '0b0b0b0b-4444-4d8e-4f90-000000000004',
      name: 'mgmtManaged-macos-1772359205000000000',
      status: 'running',
      version: '',
      creation_date: '2026-02-01T09:00:00.000Z',
      access_date: '2026-03-01T10:00:05.000Z',
      start_date: '2026-03-01T10:00:05.000Z',
      stop_date: '0001-01-01T00:00:00Z',
      timestamp: '2026-03-01T10:00:00.000Z',
      cpu_cores: 4,
      ram: '8G',
      node_id: 'mac-01',
      host_ip: '10.0.0.11',
      ip: '192.168.64.7',
      vnc_port: 0,
      port_forwarding: [{ guest_port: 22, host_port: 10_000, protocol: 'tcp', name: 'ssh', rule_name: 'ssh' }],
    });
  });

  it('that is restarted stays Started, and its start date changes', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance() });
    await house.tell({ type: 'RestartVM', vmId: VM });
    expect((await shown()).instance_state).toBe('Started');
    const later = instance({ startedAt: Date.UTC(2026, 2, 1, 11) });
    await house.tell({ type: 'ReportVMRestarted', ...seatOf(house, VM), instance: later, restarts: 1 });
    expect(await shown()).toMatchObject({
      instance_state: 'Started',
      vminfo: { status: 'running', start_date: '2026-03-01T11:00:00.000Z' },
    });
  });

  it('that was powered off is Stopped, with the time of its stop', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance() });
    const stopped = instance({ status: 'stopped', stoppedAt: Date.UTC(2026, 2, 1, 12) });
    await house.tell({ type: 'ReportVMStopped', ...seatOf(house, VM), instance: stopped });
    expect(await shown()).toMatchObject({
      instance_state: 'Stopped',
      vminfo: { status: 'stopped', stop_date: '2026-03-01T12:00:00.000Z' },
    });
  });

  it('whose script failed is Error, with the message, the last vminfo and the result', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({
      type: 'ReportVMStartFailed',
      ...seatOf(house, VM),
      message: 'startup script exit code 1',
      retryable: false,
      script: SCRIPT_BAD,
      instance: instance({ status: 'stopped', forwards: [] }),
    });
    const vm = await shown();
    expect(keys(vm)).toEqual(with_('message', 'node_id', 'startup_script', 'vminfo'));
    expect(vm).toMatchObject({ instance_state: 'Error', message: 'startup script exit code 1' });
    expect(vm.startup_script).toMatchObject({ return_code: 1, stderr: 'boom\n' });
    expect(vm.vminfo).toMatchObject({ name: 'mgmtManaged-macos-1772359205000000000', status: 'stopped' });
    expect(vm.vminfo).not.toHaveProperty('port_forwarding');
  });

  it('that was lost is Error and keeps all that its host last said', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance() });
    const before = (await shown()).vminfo;
    await house.tell({ type: 'ReportVMLost', ...seatOf(house, VM), message: 'it is gone' });
    expect(await shown()).toMatchObject({ instance_state: 'Error', message: 'it is gone', vminfo: before });
  });

  it('that is ending is Terminating, then Terminated', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance() });
    await house.tell({ type: 'TerminateVM', vmId: VM });
    expect(await shown()).toMatchObject({ instance_state: 'Terminating', node_id: 'mac-01' });
    expect(keys(await shown())).toEqual(with_('node_id', 'vminfo'));
    await house.tell({ type: 'ReportVMTerminated', ...seatOf(house, VM) });
    expect((await shown()).instance_state).toBe('Terminated');
    expect(await shown()).not.toHaveProperty('message');
  });

  it('that ended before it had a node is Terminated, and says by whom', async () => {
    await start();
    await house.tell({ type: 'TerminateVM', vmId: VM });
    const vm = await shown();
    expect(vm).toMatchObject({ instance_state: 'Terminated', message: 'instance terminated by controller' });
    expect(keys(vm)).toEqual(with_('message'));
  });
});

describe('what an instance shows or leaves out', () => {
  it('is never null, in no phase and at no depth', async () => {
    await house.tell(join('mac-01'));
    await start({ name: 'n', externalId: 'e' });
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance(), script: SCRIPT_OK });
    expect(JSON.stringify(await shown())).not.toContain('null');
  });

  it('is null only in the wrapper of the list, where it is always there', async () => {
    await start();
    expect(listedInstanceOf(await row(), moment)).toMatchObject({ instance_id: VM, external_id: null, name: null });
    await house.tell({ type: 'UpdateVM', vmId: VM, name: 'n', externalId: 'e' });
    const listed = listedInstanceOf(await row(), moment);
    expect(keys(listed)).toEqual(['external_id', 'instance_id', 'name', 'vm']);
    expect(listed).toMatchObject({ external_id: 'e', name: 'n', vm: { external_id: 'e', name: 'n' } });
  });

  it('names the starts that failed when it is asked for alone, and nothing of the kind in the list', async () => {
    await house.tell(join('mac-01'));
    await start();
    expect(await shown()).not.toHaveProperty('attempts');
    await house.tell({ type: 'ReportVMStartFailed', ...seatOf(house, VM), message: 'no disk', retryable: true });
    const ts = '2026-03-01T10:00:00.000Z';
    expect((await shown()).attempts).toEqual([{ node_id: 'mac-01', message: 'no disk', ts }]);
    expect(listedInstanceOf(await row(), moment).vm).not.toHaveProperty('attempts');
  });

  it.each([
    [128, '128M'],
    [1024, '1G'],
    [1536, '1536M'],
    [8192, '8G'],
  ])('memory of %i MiB reads %s', async (memoryMiB, ram) => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance({ memoryMiB }) });
    expect((await shown()).vminfo?.ram).toBe(ram);
  });

  it('tells the time of the last heartbeat, which is newer than the last event', async () => {
    await house.tell(join('mac-01'));
    await start();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, VM), instance: instance() });
    await house.clock.advanceBy(61_500);
    house.vitals.hear(beat('mac-01'));
    const vm = await shown();
    expect(vm.vminfo?.timestamp).toBe('2026-03-01T10:01:01.500Z');
    expect(vm.ts).toBe('2026-03-01T10:00:00.000Z');
  });
});
