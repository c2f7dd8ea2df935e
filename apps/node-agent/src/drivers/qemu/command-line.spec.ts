import { commandLine, type QemuLaunch } from './command-line.js';

const launch: QemuLaunch = {
  ...{
    vmId: 'vm-1',
    uuid: '6195708c-1873-5bcd-868e-02c16798287d',
    arch: 'amd64',
    accelerator: 'tcg',
    cpu: 2,
    memoryMiB: 512,
  },
  ...{
    kernel: { hasInitrd: true, cmdline: 'console=ttyS0 root=/dev/vda' },
    fence: 'nft',
    hostIp: '127.0.0.1',
    lowerLayers: 0,
  },
  forwards: [
    { name: 'ssh', guestPort: 22, hostPort: 10_000, protocol: 'tcp' },
    { name: 'web', guestPort: 80, hostPort: 10_001, protocol: 'tcp' },
  ],
};
const line = (change: Partial<QemuLaunch> = {}): string[] => commandLine({ ...launch, ...change });
const valueOf = (args: string[], option: string): string => args[args.indexOf(option) + 1] ?? '';
const valuesOf = (args: string[], option: string): string[] => args.filter((_, index) => args[index - 1] === option);

describe("QEMU's command line", () => {
  it('takes nothing from the host but what is written in it, and is caged', () => {
    expect(line()).toEqual(expect.arrayContaining(['-nodefaults', '-no-user-config']));
    const sandbox = valueOf(line(), '-sandbox');
    expect(sandbox).toBe('on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny');
  });

  it('spells out the chain of disks, the template read-only and without a backing file', () => {
    const [base, disk] = valuesOf(line(), '-blockdev').map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(base).toMatchObject({ 'node-name': 'base', 'read-only': true, backing: null, file: { 'read-only': true } });
    expect(disk).toMatchObject({ driver: 'qcow2', backing: 'base', file: { driver: 'file', filename: 'disk.qcow2' } });
  });

  it('stacks the layers of a template, all read-only, the lowest on nothing', () => {
    const nodes = valuesOf(line({ lowerLayers: 2 }), '-blockdev').map((text) => JSON.parse(text) as object);
    expect(nodes).toMatchObject([
      { 'node-name': 'layer0', 'read-only': true, backing: null, file: { filename: '../layer-0.qcow2' } },
      { 'node-name': 'layer1', 'read-only': true, backing: 'layer0', file: { filename: '../layer-1.qcow2' } },
      { 'node-name': 'base', 'read-only': true, backing: 'layer1', file: { filename: '../base.qcow2' } },
      { 'node-name': 'disk', backing: 'base', file: { filename: 'disk.qcow2' } },
    ]);
  });

  it('forwards each port on the given address', () => {
    expect(valueOf(line({ hostIp: '192.0.2.7' }), '-netdev')).toBe(
      'user,id=net0,ipv6=off,hostfwd=tcp:192.0.2.7:10000-:22,hostfwd=tcp:192.0.2.7:10001-:80',
    );
  });

  it('closes the way out only behind the fence "restrict"', () => {
    expect(valueOf(line({ fence: 'restrict' }), '-netdev')).toContain(',restrict=on,');
    expect(valueOf(line({ fence: 'nft' }), '-netdev')).not.toContain('restrict');
  });

  it('boots the kernel directly, with the flags that emulation needs', () => {
    expect(valueOf(line(), '-append')).toMatch(/^console=ttyS0 root=\/dev\/vda no_timer_check /);
    expect(valueOf(line({ accelerator: 'kvm' }), '-append')).toBe('console=ttyS0 root=/dev/vda');
    expect(valueOf(line({ kernel: { hasInitrd: false } }), '-append')).toContain('console=ttyS0');
    expect(line({ kernel: { hasInitrd: false } })).not.toContain('-initrd');
  });

  it('lets the firmware boot the disk of a template without kernel', () => {
    const { kernel: _, ...firmware } = launch;
    const args = commandLine(firmware);
    expect(args).not.toContain('-kernel');
    expect(args).toContain('virtio-blk-pci,drive=disk,bootindex=0');
  });

  it.each([
    [128, 64],
    [1024, 256],
    [65_536, 512],
  ])('gives an emulated guest of %i MiB %i MiB for translated code', (memoryMiB, cacheMiB) => {
    expect(valueOf(line({ memoryMiB }), '-accel')).toBe(`tcg,thread=multi,tb-size=${cacheMiB}`);
  });

  it('shows the host CPU to a guest that runs on it', () => {
    expect(valueOf(line({ accelerator: 'kvm' }), '-cpu')).toBe('host');
    expect(valueOf(line(), '-cpu')).toContain('+sse4.2');
    expect(valueOf(line({ arch: 'arm64' }), '-M')).toBe('virt');
  });
});
