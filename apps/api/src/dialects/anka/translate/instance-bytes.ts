import type { VmRow } from '../../../views/index.js';
import type { Moment } from './instance.js';

interface Kept {
  readonly registry: string;
  readonly progress: number | undefined;
  readonly heardAt: number | undefined;
  readonly bytes: Uint8Array;
}

/**
 * Instances as bytes of JSON. Each of many clients asks every few seconds, and little has changed since: what was made of a row that is
 * the same object, and of which the moment says the same, is kept for as long as the row is.
 */
export class InstanceBytes {
  private readonly kept = new WeakMap<VmRow, Kept>();

  constructor(private readonly make: (row: VmRow, moment: Moment) => Uint8Array) {}

  of(row: VmRow, moment: Moment): Uint8Array {
    const { registry } = moment;
    const progress = row.pulling ? moment.pullProgress(row.id) : undefined;
    const heardAt = row.instance && row.nodeId !== undefined ? moment.heardAt(row.nodeId) : undefined;
    const kept = this.kept.get(row);
    if (kept !== undefined && kept.registry === registry && kept.progress === progress && kept.heardAt === heardAt)
      return kept.bytes;
    const bytes = this.make(row, moment);
    this.kept.set(row, { registry, progress, heardAt, bytes });
    return bytes;
  }
}
