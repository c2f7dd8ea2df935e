import 'reflect-metadata';
import { ConfigNodeDto, UpdateVmDto } from '../dto/change.dto.js';
import { checked } from '../dto/checked.dto.js';
import { StartVmDto } from '../dto/start-vm.dto.js';
import { MAX_SCRIPT_BYTES, scriptBytes } from './script.js';
import { toConfigNode, toStartVm, toUpdateVm } from './to-command.js';

const start = (body: object, ids = ['vm-1'], stored?: { digest: string; sizeBytes: number }) =>
  toStartVm(checked(StartVmDto, body), ids, stored);
const request = (body: object) => {
  const command = start({ vmid: 't', ...body });
  return command.type === 'StartVM' ? command.request : undefined;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('POST vm as a command', () => {
  it('carries every field that the domain knows', () => {
    const body = {
      vmid: 't',
      tag: 'v3',
      version: 2,
      name: 'nightly',
      external_id: 'https://ci.example/1',
      node_id: 'mac-01',
      group_id: 'g1',
      priority: 5,
      vcpu: 6,
      vram: 4096,
      name_template: '$template_name-$ts',
      metadata: { build: 17, green: true, branch: 'main', gone: null },
      port_forwarding_override: [
        { name: 'ssh', guest_port: '22', host_port: '10022' },
        { name: 'web', guest_port: 80, host_ip: '127.0.0.1', host_port: '' },
      ],
    };
    expect(start(body, ['a', 'b'])).toEqual({
      type: 'StartVM',
      vmIds: ['a', 'b'],
      lenient: true,
      request: {
        templateId: 't',
        tag: 'v3',
        version: 2,
        name: 'nightly',
        externalId: 'https://ci.example/1',
        nodeId: 'mac-01',
        groupId: 'g1',
        priority: 5,
        vcpu: 6,
        memoryMiB: 4096,
        nameTemplate: '$template_name-$ts',
        metadata: { build: 17, green: true, branch: 'main' },
        forwards: [
          { name: 'ssh', guestPort: 22, hostPort: 10_022 },
          { name: 'web', guestPort: 80 },
        ],
        passthrough: { port_forwarding_override: [{ name: 'web', host_ip: '127.0.0.1' }] },
      },
    });
  });

  it('is only the template when nothing else is asked, or empty texts, nulls and zeros stand for nothing', () => {
    const nothing = { tag: '', name: '', external_id: '', node_id: '', group_id: '', startup_script: '' };
    const nulls = { version: null, metadata: null, port_forwarding_override: null, disk: null, priority: null };
    expect(request({})).toEqual({ templateId: 't' });
    expect(request({ ...nothing, ...nulls, version: '' })).toEqual({ templateId: 't' });
    expect(request({ priority: 0, vcpu: 0, vram: 0, disk: {} })).toEqual({ templateId: 't' });
  });

  it('reads numbers that are written as text', () => {
    expect(request({ priority: '7', version: '0', vcpu: ' 2 ' })).toEqual({
      templateId: 't',
      priority: 7,
      version: 0,
      vcpu: 2,
    });
    expect(checked(StartVmDto, { vmid: 't', count: '3' }).count).toBe(3);
  });

  it('asks the fleet for device, address and network, leniently, as texts', () => {
    const asked = { usb_device: 338690048, mac_address: '00:1b:44:11:3a:b7', vlan_tag: 12 };
    expect(request(asked)).toEqual({
      templateId: 't',
      usbDevice: '338690048',
      macAddress: '00:1B:44:11:3A:B7',
      vlan: '12',
    });
    expect(start({ vmid: 't', ...asked }, ['a'])).toMatchObject({ lenient: true });
  });

  it('keeps what no driver acts on, and drops the password', () => {
    const hardware = {
      mac_address: 'any',
      video_controller: 'fbuf',
      hvapic: 'forceOn',
      csr_active_config: 'forceOn',
      network_local: 'forceOff',
      hw_serial: 'C02',
      hw_uuid: 'u',
      network_mode: 'shared',
      group: 'devs',
    };
    const asked = request({ ...hardware, disk: { size: '256G', skip_container_resize: true }, vnc_password: 'secret' });
    expect(asked?.passthrough).toEqual({ ...hardware, disk: { size: '256G', skip_container_resize: true } });
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  it('does not fail over odd values for hardware', () => {
    expect(
      request({ usb_device: {}, vlan_tag: [], hvapic: { a: 1 }, hw_serial: 'x'.repeat(10_000), disk: { size: [] } }),
    ).toEqual({ templateId: 't' });
  });

  it('refers to the stored script and never holds its text', () => {
    const stored = { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 8 };
    const plain = { vmid: 't', startup_script: base64('echo hi\n') };
    expect(start(plain, ['a'], stored)).toMatchObject({
      request: { script: { ...stored, when: 'network', monitored: false, timeoutMs: 90_000, onFailure: 'stop' } },
    });
    const monitored = { startup_script_condition: 1, script_monitoring: true, script_timeout: 200 };
    expect(start({ ...plain, ...monitored, script_fail_handler: 2 }, ['a'], stored)).toMatchObject({
      request: { script: { ...stored, when: 'boot', monitored: true, timeoutMs: 200_000, onFailure: 'delete' } },
    });
    expect(start({ ...plain, script_fail_handler: '1', script_timeout: 0 }, ['a'], stored)).toMatchObject({
      request: { script: { timeoutMs: 90_000, onFailure: 'keep' } },
    });
    expect(JSON.stringify(start(plain, ['a'], stored))).not.toContain(plain.startup_script);
  });
});

describe('a startup script', () => {
  const bytes = (startup_script: string) => scriptBytes(checked(StartVmDto, { vmid: 't', startup_script }));

  it('is decoded from standard base64, with or without line breaks', () => {
    expect(Buffer.from(bytes(base64('echo hi\n'))!).toString()).toBe('echo hi\n');
    const wrapped = base64('x'.repeat(100)).replace(/(.{76})/, '$1\r\n');
    expect(bytes(`${wrapped}\n`)).toHaveLength(100);
  });

  it.each(['not base64!', 'abc', 'YWJj=ZGVm', 'YWJ-'])('that is %s is refused without being repeated', (text) => {
    expect(() => bytes(text)).toThrow('startup_script must be standard base64 with padding');
  });

  it('of exactly the limit is taken, one byte more is refused', () => {
    expect(bytes(Buffer.alloc(MAX_SCRIPT_BYTES).toString('base64'))).toHaveLength(MAX_SCRIPT_BYTES);
    expect(() => bytes(Buffer.alloc(MAX_SCRIPT_BYTES + 1).toString('base64'))).toThrow(
      /1048577 bytes.*at most 1048576/,
    );
    expect(() => bytes('A'.repeat(MAX_SCRIPT_BYTES * 2))).toThrow(/at most 1572864 characters/);
  });
});

describe('what is wrong with a body', () => {
  it.each<[object | unknown[] | string, string]>([
    [{}, 'vmid must be a string of 1 to 4096 characters'],
    [{ vmid: 5 }, 'vmid must be a string'],
    [{ vmid: '' }, 'vmid must be a string'],
    [{ vmid: 't', tag: 5 }, 'tag must be a string'],
    [{ vmid: 't', count: 0 }, 'count must be a whole number from 1 to 1000'],
    [{ vmid: 't', count: 1001 }, 'count must be a whole number from 1 to 1000'],
    [{ vmid: 't', count: 1.5 }, 'count must be a whole number'],
    [{ vmid: 't', count: 'many' }, 'count must be a whole number'],
    [{ vmid: 't', priority: 10_001 }, 'priority must be a whole number from 0 to 10000'],
    [{ vmid: 't', script_monitoring: 'yes' }, 'script_monitoring must be true or false'],
    [{ vmid: 't', metadata: [] }, 'metadata must be an object'],
    [{ vmid: 't', disk: '256G' }, 'disk must be an object'],
    [{ vmid: 't', port_forwarding_override: {} }, 'port_forwarding_override must be an array'],
    [{ vmid: 't', port_forwarding_override: [7] }, 'port_forwarding_override'],
    [
      { vmid: 't', port_forwarding_override: [{ name: 'ssh', guest_port: 70_000 }] },
      'port_forwarding_override.0.guest_port must be a whole number from 1 to 65535',
    ],
    [[], 'the request body must be a JSON object'],
    ['text', 'the request body must be a JSON object'],
  ])('%j: %s', (body, message) => {
    expect(() => checked(StartVmDto, body)).toThrow(message);
  });

  it('is more than any honest client says, however small its bytes', () => {
    const wide = { vmid: 't', port_forwarding_override: Array.from({ length: 10_000 }, () => ({})) };
    expect(() => checked(StartVmDto, wide)).toThrow('at most 10000 values');
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(() => checked(StartVmDto, { vmid: 't', deep })).toThrow('at most 16 levels deep');
  });

  it('names every wrong field of one body', () => {
    expect(() => checked(StartVmDto, { vmid: 't', count: 0, vram: 'much' })).toThrow(/count .*; vram /);
  });

  it('is nothing that the body merely does not know', () => {
    const dto = checked(StartVmDto, { vmid: 't', flavour: 'large', constructor: 1, toString: 2 });
    expect(toStartVm(dto, ['a'])).toEqual({
      ...{ type: 'StartVM', vmIds: ['a'], lenient: true },
      request: { templateId: 't' },
    });
  });

  it('is told for metadata that is more than texts, numbers and booleans', () => {
    expect(() => start({ vmid: 't', metadata: { nested: {} } })).toThrow('metadata must be an object with texts');
  });
});

describe('other bodies as commands', () => {
  it('change only what they name', () => {
    expect(toUpdateVm('vm-1', checked(UpdateVmDto, { name: '', metadata: { a: 1 } }))).toEqual({
      type: 'UpdateVM',
      vmId: 'vm-1',
      metadata: { a: 1 },
    });
    expect(toConfigNode('n', checked(ConfigNodeDto, { node_id: 'n', drain_mode: false }))).toEqual({
      type: 'ConfigNode',
      nodeId: 'n',
      config: { drain: false },
    });
  });

  it('configure a node with GB as MiB', () => {
    const body = {
      max_vm_count: '4',
      name: 'x',
      host: '10.0.0.9',
      capacity_mode: 'resource',
      vcpu_override: 12,
      ram_override: 32,
      disable_central_logging: true,
      drain_mode: true,
    };
    expect(toConfigNode('n', checked(ConfigNodeDto, body))).toEqual({
      type: 'ConfigNode',
      nodeId: 'n',
      name: 'x',
      host: '10.0.0.9',
      config: { capacityMode: 'resource', capacity: 4, vcpuOverride: 12, memoryMiBOverride: 32_768, drain: true },
    });
    expect(() => checked(ConfigNodeDto, { capacity_mode: 'all' })).toThrow('must be one of number, resource');
  });
});
