import type { Forward } from '../driver.js';
import { MACHINES } from './machine.js';
import type { FenceMode } from './options.js';

/** File names as QEMU sees them from its work directory. */
/** The uppermost layer of the template's disk. */
export const BASE_DISK = '../base.qcow2';
export const KERNEL = '../kernel';
export const INITRD = '../initrd';
export const DISK = 'disk.qcow2';
export const SERIAL_LOG = 'serial.log';
export const MONITOR_SOCKET = 'qmp.sock';
export const AGENT_SOCKET = 'qga.sock';

/** One of the layers below {@link BASE_DISK}, counted from the lowest. */
export const lowerLayer = (index: number): string => `../layer-${index}.qcow2`;

const SANDBOX = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';
/** QEMU's cache of translated code counts on top of the guest's memory; small guests need little, big ones crawl with little. */
const MIN_TRANSLATION_CACHE_MIB = 64;
const MAX_TRANSLATION_CACHE_MIB = 512;

export interface QemuLaunch {
  vmId: string;
  uuid: string;
  arch: 'amd64' | 'arm64';
  accelerator: string;
  cpu: number;
  memoryMiB: number;
  /** Absent: the firmware boots the disk. */
  kernel?: { hasInitrd: boolean; cmdline?: string };
  /** How many layers the template's disk has below its uppermost one. */
  lowerLayers: number;
  fence: FenceMode;
  hostIp: string;
  forwards: readonly Forward[];
}

/** Arguments of QEMU, to be run in the VM's work directory. All values in it are numbers, checked ids or our own constants. */
export function commandLine(vm: QemuLaunch): string[] {
  return [
    ...['-name', `muster-${vm.vmId}`, '-uuid', vm.uuid],
    ...['-M', MACHINES[vm.arch].name, '-accel', acceleratorOption(vm), '-cpu', cpuModel(vm)],
    ...['-m', `${vm.memoryMiB}M`, '-smp', String(vm.cpu)],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...kernelOptions(vm),
    ...diskOptions(vm),
    ...['-netdev', networkOption(vm), '-device', 'virtio-net-pci,netdev=net0,romfile='],
    ...['-device', 'virtio-rng-pci', '-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=agent,path=${AGENT_SOCKET},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...['-chardev', `file,id=serial,path=${SERIAL_LOG},append=on`, '-serial', 'chardev:serial'],
    ...['-qmp', `unix:${MONITOR_SOCKET},server=on,wait=off`],
    ...['-sandbox', SANDBOX],
  ];
}

export function acceleratorOption(vm: Pick<QemuLaunch, 'accelerator' | 'memoryMiB'>): string {
  if (vm.accelerator !== 'tcg') return vm.accelerator;
  const cacheMiB = Math.min(
    MAX_TRANSLATION_CACHE_MIB,
    Math.max(MIN_TRANSLATION_CACHE_MIB, Math.round(vm.memoryMiB / 4)),
  );
  return `tcg,thread=multi,tb-size=${cacheMiB}`;
}

export function cpuModel(vm: Pick<QemuLaunch, 'arch' | 'accelerator'>): string {
  return vm.accelerator === 'tcg' ? MACHINES[vm.arch].emulatedCpu : 'host';
}

function kernelOptions(vm: QemuLaunch): string[] {
  if (!vm.kernel) return [];
  const machine = MACHINES[vm.arch];
  const cmdline = vm.kernel.cmdline ?? machine.defaultCmdline;
  const append = vm.accelerator === 'tcg' ? `${cmdline} ${machine.emulationFlags}`.trim() : cmdline;
  return ['-kernel', KERNEL, ...(vm.kernel.hasInitrd ? ['-initrd', INITRD] : []), '-append', append];
}

/** The chain is spelt out, so that QEMU never follows a file name found inside an image. */
function diskOptions(vm: QemuLaunch): string[] {
  const files = [...Array.from({ length: vm.lowerLayers }, (_, index) => lowerLayer(index)), BASE_DISK];
  const names = files.map((file, index) => (file === BASE_DISK ? 'base' : `layer${index}`));
  const template = files.map((filename, index) => ({
    driver: 'qcow2',
    'node-name': names[index],
    'read-only': true,
    file: { driver: 'file', filename, 'read-only': true },
    backing: names[index - 1] ?? null,
  }));
  const disk = {
    driver: 'qcow2',
    'node-name': 'disk',
    discard: 'unmap',
    file: { driver: 'file', filename: DISK },
    backing: 'base',
  };
  const boot = vm.kernel ? '' : ',bootindex=0';
  return [
    ...[...template, disk].flatMap((node) => ['-blockdev', JSON.stringify(node)]),
    ...['-device', `virtio-blk-pci,drive=disk${boot}`],
  ];
}

function networkOption(vm: QemuLaunch): string {
  const restrict = vm.fence === 'restrict' ? ',restrict=on' : '';
  const forwards = vm.forwards.map(({ hostPort, guestPort }) => `,hostfwd=tcp:${vm.hostIp}:${hostPort}-:${guestPort}`);
  return `user,id=net0,ipv6=off${restrict}${forwards.join('')}`;
}
