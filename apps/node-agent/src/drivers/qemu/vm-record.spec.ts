import { hostVm, newRecord, parseRecord, vmUuid } from './vm-record.js';

const image = { templateId: 't', tag: 'v1', disk: { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 1 } };
const spec = { vmId: 'vm-1', epoch: 9, name: 'n', image, cpu: 2, memoryMiB: 256, forwards: [], restarts: 3 };
const launch = { pid: 5, startTicks: 6, bootId: 'b', accelerator: 'tcg' };

describe("a VM's record", () => {
  it('comes back from the disk as it went', () => {
    const record = { ...newRecord(spec, 1234, 1000), launch };
    expect(parseRecord(JSON.stringify(record), 'vm-1')).toEqual(record);
  });

  it.each(['', '{', '{}', 'null', '[]', '{"spec":{"vmId":"vm-2"},"uuid":"x","forwards":[]}'])(
    'is not read from %j',
    (text) => {
      expect(parseRecord(text, 'vm-1')).toBeUndefined();
    },
  );

  it('is a stopped VM until a process is known', () => {
    const record = newRecord(spec, undefined, 1000);
    expect(hostVm(record)).toMatchObject({ status: 'stopped', createdAt: 1000, restarts: 3 });
    expect(hostVm({ ...record, stoppedAt: 2000 }).stoppedAt).toBe(2000);
    expect(hostVm({ ...record, launch, stoppedAt: 2000 })).toMatchObject({ status: 'running' });
    expect(hostVm({ ...record, launch, stoppedAt: 2000 })).not.toHaveProperty('stoppedAt');
  });

  it('names each incarnation with one id, of the RFC form', () => {
    expect(vmUuid(spec)).toBe(vmUuid({ ...spec }));
    expect(vmUuid(spec)).not.toBe(vmUuid({ ...spec, epoch: 10 }));
    expect(vmUuid(spec)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
