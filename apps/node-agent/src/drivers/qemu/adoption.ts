import type { Clock } from '../clock.js';
import { Monitor } from './monitor.js';
import { findByArgument, isAlive } from './process.driver.js';
import type { RecordStore } from './record-store.driver.js';
import type { VmRecord } from './vm-record.js';

/**
 * Brings a record read from disk in line with the host: finds the process that a crash kept from being recorded, and believes a
 * recorded one only if it lives, began when the record says, and answers as this VM.
 */
export async function adopt(
  record: VmRecord,
  store: RecordStore,
  clock: Clock,
  log: (line: string) => void,
): Promise<void> {
  const { vmId } = record.spec;
  const wasStarting = !record.launch && record.stoppedAt === undefined;
  const [lost] = wasStarting ? findByArgument(record.uuid) : [];
  const launch = record.launch ?? (lost && { ...lost, accelerator: 'unknown' });
  if (launch && isAlive(launch) && (await answersAs(record, store.workDir(vmId), clock, log))) {
    log(`adopted VM ${vmId}, pid ${launch.pid}`);
    if (lost) store.save({ ...record, launch, startedAt: clock.now() });
    return;
  }
  if (launch || wasStarting) store.save(stopped(record, clock.now()));
}

/** The record of a VM whose process is gone. */
export function stopped(record: VmRecord, now: number): VmRecord {
  const { launch: _, ...rest } = record;
  return { ...rest, stoppedAt: now };
}

/** A monitor that names another VM is proof against it; one that says nothing is not, for a busy QEMU may be slow. */
async function answersAs(
  record: VmRecord,
  workDir: string,
  clock: Clock,
  log: (line: string) => void,
): Promise<boolean> {
  try {
    const monitor = await Monitor.open(workDir, clock);
    const uuid = await monitor.uuid().finally(() => monitor.close());
    return uuid === record.uuid;
  } catch (error) {
    log(`VM ${record.spec.vmId} runs, but its monitor does not answer: ${String(error)}`);
    return true;
  }
}
