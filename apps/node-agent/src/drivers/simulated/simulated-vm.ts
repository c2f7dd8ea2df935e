import { createHash } from 'node:crypto';
import type { Forward, HostVm, Layer, VmSpec } from '../driver.js';

/** A VM as the simulated host remembers it. */
export interface SimulatedVm {
  readonly spec: VmSpec;
  readonly forwards: Forward[];
  readonly createdAt: number;
  status: 'running' | 'stopped';
  restarts: number;
  startedAt: number;
  stoppedAt?: number;
  /** When its guest answers, unix ms. */
  readyAt: number;
}

export function hostVm(vm: SimulatedVm, now: number): HostVm {
  const { spec, status } = vm;
  return {
    vmId: spec.vmId,
    epoch: spec.epoch,
    uuid: uuidOf(spec),
    name: spec.name,
    status,
    cpu: spec.cpu,
    memoryMiB: spec.memoryMiB,
    guestIp: status === 'running' && now >= vm.readyAt ? '10.0.2.15' : '',
    forwards: vm.forwards,
    restarts: vm.restarts,
    createdAt: vm.createdAt,
    startedAt: vm.startedAt,
    ...(vm.stoppedAt !== undefined && { stoppedAt: vm.stoppedAt }),
  };
}

/** All that a simulated guest ever wrote: who it is, and since when it ran. */
export function layerOf({ spec, startedAt }: SimulatedVm): Layer {
  const bytes = Buffer.from(`layer of VM ${spec.vmId}, epoch ${spec.epoch}, started at ${startedAt}\n`);
  return {
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    sizeBytes: bytes.length,
    open: async () => new Blob([bytes]),
  };
}

/** The same VM has the same uuid in every run of a simulation. */
function uuidOf({ vmId, epoch }: VmSpec): string {
  const hex = createHash('sha256').update(`${vmId}\n${epoch}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
