import { MAX_VMS_PER_COMMAND } from '#domain';

/** How many VMs over how many nodes. */
export interface FleetSize {
  readonly vms: number;
  readonly nodes: number;
  /** The nodes are real agents with the simulated driver, not lean ones. */
  readonly areAgentsReal: boolean;
}

/** HashiCorp's two million containers ran on 6,100 clients. */
const FULL = { vms: 2_000_000, nodes: 6_100 };
/** As many VMs per node as at the full size. */
const SMALL = { vms: 20_000, nodes: 61 };

/**
 * The size that was asked for with `--vms` and `--nodes`, and before it a small one, unless what is asked for is no bigger. With
 * `--real-agents` on real agents.
 */
export function sizesAsked(args: readonly string[]): readonly FleetSize[] {
  const vms = numberAfter('--vms', args) ?? FULL.vms;
  const nodes = numberAfter('--nodes', args) ?? Math.max(1, Math.round((vms * FULL.nodes) / FULL.vms));
  if (vms % MAX_VMS_PER_COMMAND !== 0) throw new Error(`--vms is ${vms}: must be a multiple of ${MAX_VMS_PER_COMMAND}`);
  const areAgentsReal = args.includes('--real-agents');
  const asked = { vms, nodes, areAgentsReal };
  return vms > SMALL.vms ? [{ ...SMALL, areAgentsReal }, asked] : [asked];
}

function numberAfter(flag: string, args: readonly string[]): number | undefined {
  const at = args.indexOf(flag);
  if (at < 0) return undefined;
  const value = Number(args[at + 1]);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${flag} is ${args[at + 1]}: must be a whole number from 1 on`);
  return value;
}

export const capacityOf = ({ vms, nodes }: FleetSize): number => Math.ceil(vms / nodes);
