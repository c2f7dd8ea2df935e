import { lookedAgain, overstayed, type Report, type Sightings } from '#domain';
import type { VmDriver } from '../drivers/driver.js';

/**
 * Keeps an eye on the VMs of the host that are not ours: tells how many there are when that changes, and ends those that were seen too
 * often. Counts anew after a restart of the agent.
 */
export class UnknownVms {
  #sightings: Sightings = new Map();
  /** As the control plane was told last: with the join, or since. */
  #told = 0;

  /** `threshold`: how often one is seen before it is ended; 0: never. `tell`: false when there is no room for the report. */
  constructor(
    private readonly driver: Pick<VmDriver, 'listUnknown' | 'endUnknown'>,
    private readonly nodeId: string,
    private readonly threshold: number,
    private readonly tell: (report: Report) => boolean,
  ) {}

  /** Looks at the host once more. Rejects when that fails, or when a VM cannot be ended: it is tried again at the next look. */
  async look(): Promise<void> {
    this.#sightings = lookedAgain(this.#sightings, await this.driver.listUnknown());
    this.#report(this.#sightings.size);
    for (const name of overstayed(this.#sightings, this.threshold)) await this.driver.endUnknown(name);
  }

  /** How many there are, for a report that tells it, too. */
  async count(): Promise<number> {
    return (this.#told = (await this.driver.listUnknown()).length);
  }

  #report(vms: number): void {
    if (vms === this.#told) return;
    if (this.tell({ type: 'ReportUnknownVMs', nodeId: this.nodeId, vms })) this.#told = vms;
  }
}
