import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomic } from '../atomic-file.driver.js';
import { parseRecord, type VmRecord } from './vm-record.js';

const RECORD_FILE = 'vm.json';

/**
 * The VMs of this host: in memory for reading, on disk before anything is done about them. Each VM has one directory; the record
 * in it belongs to the driver, everything that its QEMU may write lies one level deeper, in `q`.
 */
export class RecordStore {
  readonly root: string;
  private readonly records = new Map<string, VmRecord>();

  constructor(nodeDir: string) {
    this.root = join(nodeDir, 'vms');
    mkdirSync(this.root, { recursive: true, mode: 0o711 });
    for (const vmId of readdirSync(this.root)) this.load(vmId);
  }

  all(): VmRecord[] {
    return [...this.records.values()];
  }

  get(vmId: string): VmRecord | undefined {
    return this.records.get(vmId);
  }

  /** `vmId` must have passed `checkVmId`. */
  dir(vmId: string): string {
    return join(this.root, vmId);
  }

  /** Directory that the VM's QEMU owns and works in. */
  workDir(vmId: string): string {
    return join(this.root, vmId, 'q');
  }

  save(record: VmRecord): void {
    const dir = this.dir(record.spec.vmId);
    mkdirSync(dir, { recursive: true, mode: 0o711 });
    writeFileAtomic(join(dir, RECORD_FILE), JSON.stringify(record));
    this.records.set(record.spec.vmId, record);
  }

  /** Removes the VM's directory, then forgets it. */
  remove(vmId: string): void {
    rmSync(this.dir(vmId), { recursive: true, force: true });
    this.records.delete(vmId);
  }

  private load(vmId: string): void {
    const record = parseRecord(readFileIfPresent(join(this.dir(vmId), RECORD_FILE)) ?? '', vmId);
    if (record) this.records.set(vmId, record);
    // The record is written first and removed with the rest: a directory without one is the rest of an unfinished destroy.
    else rmSync(this.dir(vmId), { recursive: true, force: true });
  }
}
