import type { Clock } from '#events';
import { BURST_MS, LONGEST_REST_MS, REST_MS_PER_VM, WISHES_PER_SECOND } from './limits.js';

/** How much may be written: a value costs as much as it names VMs. */
export class DesiredBudget {
  /** When all that was spent is earned again, unix ms. */
  private evenAt = 0;

  constructor(private readonly clock: Clock) {}

  /** So long nothing may be written, ms; 0: go on. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(this.evenAt - this.clock.now() - BURST_MS));
  }

  spend(vms: number): void {
    this.evenAt = Math.max(this.evenAt, this.clock.now()) + (vms * 1000) / WISHES_PER_SECOND;
  }

  /** How long a node that was just written is left alone, ms; 0 for few VMs. */
  restMs(vms: number): number {
    return Math.min(LONGEST_REST_MS, Math.floor(vms * REST_MS_PER_VM));
  }
}
