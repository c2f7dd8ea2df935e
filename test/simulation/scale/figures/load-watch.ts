import type { Cluster, Node, NodeId } from '#domain';
import { type Script, START_OF_TIME } from '../plan.js';
import { maxOf, meanOf, Steps } from './steps.js';

/** Rows that a strip of nodes has at most; beyond it neighbours share a row. */
const MAX_ROWS = 200;

interface Watched {
  readonly seats: number;
  readonly load: Steps;
  readonly away: Steps;
}

/** How full the fleet is, and each node, over time. Looks only at nodes about which something changed. */
export class LoadWatch {
  private readonly nodes: ReadonlyMap<string, Watched>;
  private readonly allSeats: number;
  private readonly taken: Steps;

  constructor(
    script: Script,
    private readonly partMs: number,
  ) {
    const steps = () => new Steps(START_OF_TIME, partMs);
    this.nodes = new Map(
      script.nodes.map((node) => [node.nodeId, { seats: node.seats, load: steps(), away: steps() }]),
    );
    this.allSeats = [...this.nodes.values()].reduce((sum, { seats }) => sum + seats, 0);
    this.taken = steps();
  }

  look(cluster: Cluster, nodeId: NodeId, time: number): void {
    const [node, watched] = [cluster.nodes.get(nodeId), this.nodes.get(nodeId)];
    if (node === undefined || watched === undefined) return;
    const load = loadOf(node);
    if (load !== watched.load.now) {
      this.taken.set(this.taken.now + (load - watched.load.now) * watched.seats, time);
      watched.load.set(load, time);
    }
    const away = node.online ? 0 : 1;
    if (away !== watched.away.now) watched.away.set(away, time);
  }

  close(parts: number): { course: number[]; mean: number; peak: number; heat: number[][]; nodesPerRow: number } {
    const { means, peaks } = this.taken.close(parts);
    const share = (seats: number): number => Math.min(1, Math.max(0, seats / this.allSeats));
    const course = means.slice(0, parts).map(share);
    return { course, mean: meanOf(course), peak: share(maxOf(peaks)), ...this.heat(parts) };
  }

  private heat(parts: number): { heat: number[][]; nodesPerRow: number } {
    const each = [...this.nodes.values()].map(({ load, away }) => {
      const [loads, aways] = [load.close(parts).means, away.close(parts).means];
      return Array.from({ length: parts }, (_, part) => ((aways[part] ?? 0) > 0.5 ? -1 : (loads[part] ?? 0)));
    });
    const nodesPerRow = Math.ceil(each.length / MAX_ROWS);
    const rows = Math.ceil(each.length / nodesPerRow);
    const heat = Array.from({ length: rows }, (_, row) => {
      const here = each.slice(row * nodesPerRow, (row + 1) * nodesPerRow);
      return Array.from({ length: parts }, (__, part) => meanOf(here.map((loads) => loads[part] ?? 0)));
    });
    return { heat, nodesPerRow };
  }
}

/** The part of the node that is in use, by what it is shortest of. */
function loadOf({ config, facts, used }: Node): number {
  if (config.capacityMode === 'number') return config.capacity > 0 ? used.vms / config.capacity : 1;
  const cpu = config.vcpuOverride || facts.cpuCount * 2;
  const memoryMiB = config.memoryMiBOverride || facts.memoryMiB - 2048;
  return Math.max(used.cpu / cpu, used.memoryMiB / memoryMiB);
}
