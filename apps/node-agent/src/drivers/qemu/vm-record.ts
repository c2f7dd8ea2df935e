import { createHash } from 'node:crypto';
import type { Forward, HostVm, VmSpec } from '../driver.js';

/** What the driver remembers of a VM, on disk. */
export interface VmRecord {
  spec: VmSpec;
  uuid: string;
  /** User id of its QEMU; absent when it runs as the caller. */
  uid?: number;
  /** Kept for the VM's lifetime, so that it has the same ports after a restart. */
  forwards: Forward[];
  /** Restart wishes fulfilled so far. */
  restarts: number;
  guestIp: string;
  createdAt: number;
  startedAt: number;
  stoppedAt?: number;
  /** Present while a process was started and not yet seen dead. */
  launch?: Launch;
}

/** Identifies one process beyond reuse of its pid. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since the host booted, and which boot that was. */
  startTicks: number;
  bootId: string;
}

export interface Launch extends ProcessIdentity {
  accelerator: string;
}

export function newRecord(spec: VmSpec, uid: number | undefined, now: number): VmRecord {
  const record = {
    spec,
    uuid: vmUuid(spec),
    forwards: [],
    restarts: spec.restarts,
    guestIp: '',
    createdAt: now,
    startedAt: 0,
  };
  return uid === undefined ? record : { ...record, uid };
}

/** An RFC 4122 version 5 style id: the same incarnation has the same id wherever and whenever it is computed. */
export function vmUuid(spec: Pick<VmSpec, 'vmId' | 'epoch'>): string {
  const bytes = createHash('sha256').update(`muster-vm:${spec.vmId}:${spec.epoch}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function hostVm(record: VmRecord): HostVm {
  const { spec, launch } = record;
  return {
    vmId: spec.vmId,
    epoch: spec.epoch,
    uuid: record.uuid,
    name: spec.name,
    status: launch ? 'running' : 'stopped',
    cpu: spec.cpu,
    memoryMiB: spec.memoryMiB,
    guestIp: record.guestIp,
    forwards: record.forwards.map((forward) => ({ ...forward })),
    restarts: record.restarts,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    ...(launch || record.stoppedAt === undefined ? {} : { stoppedAt: record.stoppedAt }),
  };
}

/** Reads a record back; undefined when the text is not one (a crash before the first complete write). */
export function parseRecord(text: string, vmId: string): VmRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<VmRecord> | null;
    const isWhole = record?.spec?.vmId === vmId && typeof record.uuid === 'string' && Array.isArray(record.forwards);
    return isWhole ? (record as VmRecord) : undefined;
  } catch {
    return undefined;
  }
}
