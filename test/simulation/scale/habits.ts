import { Random } from '../random.js';
import { logNormal, seedOf } from './chance.js';

const BOOT_MEDIAN_MS = 9000;
const BOOT_SIGMA = 0.35;
const STOP_MS = { from: 500, to: 3000 };
/** A start that fails takes a while to do so. */
const FAIL_MS = { from: 2000, to: 15_000 };
/** Starts that fail, or hang for ever, on a healthy host. */
const FAILURE_RATE = 0.004;
const HANG_RATE = 0.0005;

/** How one start goes. */
export type Start =
  | { readonly kind: 'boots'; readonly afterMs: number }
  | { readonly kind: 'fails'; readonly afterMs: number }
  | { readonly kind: 'hangs' };

/**
 * Chance of hosts. Belongs to the VM and the count of its starts, not to the order of happenings: so two ways of placing the same VMs
 * meet the same luck.
 */
export class Habits {
  private readonly starts = new Map<string, number>();

  constructor(
    private readonly seed: number,
    private readonly poisoned: ReadonlySet<string>,
  ) {}

  start(vmId: string, templateId: string, nodeFailureRate: number): Start {
    const nth = (this.starts.get(vmId) ?? 0) + 1;
    this.starts.set(vmId, nth);
    const random = new Random(seedOf(this.seed, `${vmId} ${nth}`));
    const [luck, nodeLuck] = [random.next(), random.next()];
    const fails = this.poisoned.has(templateId) || luck < FAILURE_RATE || nodeLuck < nodeFailureRate;
    if (fails) return { kind: 'fails', afterMs: random.between(FAIL_MS.from, FAIL_MS.to) };
    if (luck > 1 - HANG_RATE) return { kind: 'hangs' };
    return { kind: 'boots', afterMs: logNormal(random, BOOT_MEDIAN_MS, BOOT_SIGMA) };
  }

  stopMs(vmId: string): number {
    return new Random(seedOf(this.seed, `${vmId} stop`)).between(STOP_MS.from, STOP_MS.to);
  }

  /** The VM is gone for good. */
  forget(vmId: string): void {
    this.starts.delete(vmId);
  }
}
