import { DriverError, type VmSpec } from './driver.js';
import { checkSpec } from './vm-spec.js';

const disk = { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 1 };
const spec: VmSpec = {
  ...{ vmId: 'vm-1', epoch: 1, name: 'any NAME; rm -rf', cpu: 2, memoryMiB: 128, restarts: 0 },
  ...{ image: { templateId: 't', tag: 'v1', disk }, forwards: [{ name: 'ssh', guestPort: 22 }] },
};

describe('a VM spec', () => {
  it('passes with sane values, whatever the name', () => expect(() => checkSpec(spec)).not.toThrow());

  it.each<[string, Partial<VmSpec>]>([
    ['vmId', { vmId: '..' }],
    ['epoch', { epoch: -1 }],
    ['name', { name: 'x'.repeat(256) }],
    ['cpu', { cpu: 0 }],
    ['cpu', { cpu: 1.5 }],
    ['memoryMiB', { memoryMiB: 63 }],
    ['memoryMiB', { memoryMiB: NaN }],
    ['restarts', { restarts: -1 }],
    ['disk.digest', { image: { ...spec.image, disk: { ...disk, digest: '../x' } } }],
    ['kernel.sizeBytes', { image: { ...spec.image, kernel: { ...disk, sizeBytes: -1 } } }],
    ['initrd', { image: { ...spec.image, initrd: disk } }],
    ['cmdline', { image: { ...spec.image, cmdline: 'a\nb' } }],
    ['cmdline', { image: { ...spec.image, cmdline: 'a'.repeat(1025) } }],
    ['guestPort', { forwards: [{ name: 'x', guestPort: 65536 }] }],
    ['hostPort', { forwards: [{ name: 'x', guestPort: 1, hostPort: 0 }] }],
    ['forwards', { forwards: [1, 2].map((guestPort) => ({ name: 'x', guestPort, hostPort: 8080 })) }],
    ['forwards', { forwards: Array.from({ length: 65 }, () => ({ name: 'x', guestPort: 1 })) }],
  ])('is refused for its %s', (what, change) => {
    expect(() => checkSpec({ ...spec, ...change })).toThrow(DriverError);
    expect(() => checkSpec({ ...spec, ...change })).toThrow(`VM spec: ${what} is`);
  });
});
