import { describe, expect, it } from '@jest/globals';
import type { Assignment } from '#domain';
import { sampleDesired } from '../contract/samples.contract.js';
import { desiredText, readDesired } from './desired-text.js';

const [vm] = sampleDesired(7).vms as [Assignment];

describe('the text of a desired state', () => {
  it('gives back what was written, whatever the VMs share', () => {
    const vms: Assignment[] = [
      vm,
      { ...vm, vmId: 'vm-2', epoch: 8, wish: 'absent', started: true },
      { ...vm, vmId: 'vm-3', epoch: 9, started: true, restarts: 3, image: structuredClone(vm.image) },
      { ...vm, vmId: 'vm-4', epoch: 10, cpu: 4, nameTemplate: '$id', forwards: [{ name: 'ssh', guestPort: 22 }] },
      { ...vm, vmId: 'vm-5', epoch: 11, wish: 'absent' },
    ];
    expect(readDesired(desiredText({ asOf: 12, vms }))).toEqual({ asOf: 12, vms });
  });

  it('gives back every field that a VM may have, each by itself', () => {
    const all: Required<Assignment> = {
      ...vm,
      nameTemplate: '$id',
      script: {
        digest: vm.image.disk.digest,
        sizeBytes: 1,
        when: 'boot',
        monitored: true,
        timeoutMs: 1,
        onFailure: 'stop',
      },
      usbDevice: 'usb-1',
      macAddress: '0A:00:00:00:00:01',
      vlan: 'blue',
      save: { requestId: 'r', script: vm.image.disk, scriptTimeoutMs: 1, cancelOnScriptFailure: true },
    };
    const fields = ['nameTemplate', 'script', 'usbDevice', 'macAddress', 'vlan', 'save'] as const;
    const vms = [all, ...fields.map((field): Assignment => ({ ...vm, [field]: all[field] }))];
    expect(readDesired(desiredText({ asOf: 12, vms }))).toEqual({ asOf: 12, vms });
  });

  it('says once what VMs share of which one is saved', () => {
    const saved = { ...vm, vmId: 'vm-2', save: { requestId: 'r', scriptTimeoutMs: 1, cancelOnScriptFailure: false } };
    const text = desiredText({ asOf: 1, vms: [vm, saved, { ...vm, vmId: 'vm-3' }] });
    expect(text.split(vm.image.disk.digest)).toHaveLength(2);
    expect(readDesired(text)?.vms[1]).toEqual(saved);
  });

  it('says a shared image once', () => {
    const vms = Array.from({ length: 300 }, (_, index) => ({ ...vm, vmId: `vm-${index}`, image: { ...vm.image } }));
    expect(desiredText({ asOf: 1, vms }).split(vm.image.disk.digest)).toHaveLength(2);
  });

  it('keeps fields that this form does not know', () => {
    const desired = { asOf: 1, vms: [], more: ['x'] };
    expect(readDesired(desiredText(desired))).toEqual(desired);
  });

  it('says nothing about a value of another form', () => {
    expect(readDesired(JSON.stringify(sampleDesired(1)))).toBeUndefined();
  });
});
