import type { Cluster, Command, NodeId } from '#domain';
import type { Agenda } from './agenda.js';
import { type Incident, MINUTE_MS } from './plan.js';
import type { SimulatedNode } from './simulated-node.js';

type Say = (command: Command, actor: string) => unknown;
type Maintenance = Extract<Incident, { kind: 'maintenance' }>;

/** Brings upon the fleet what the script has in store for it. */
export class Fate {
  /** Ends of nodes' drains that somebody waits for. */
  private readonly emptied = new Map<string, () => void>();
  /** Since when a node is away, unix ms. */
  private readonly awaySince = new Map<string, number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly agenda: Agenda,
    private readonly nodes: ReadonlyMap<string, SimulatedNode>,
    private readonly say: Say,
  ) {}

  begin(incidents: readonly Incident[], start: number): void {
    for (const incident of incidents) this.agenda.at(start + incident.atMs, () => this.strike(incident));
  }

  /** The node's VMs may have changed. */
  changed(nodeId: NodeId): void {
    const then = this.emptied.get(nodeId);
    if (then === undefined || (this.cluster.nodes.get(nodeId)?.vms.size ?? 0) > 0) return;
    this.emptied.delete(nodeId);
    this.agenda.in(0, then);
  }

  private strike(incident: Incident): void {
    if (incident.kind === 'asked') return void this.say(incident.command, 'operator');
    if (incident.kind === 'maintenance') {
      for (let lane = 0; lane < incident.width; lane++) this.maintain(incident, lane);
      return;
    }
    this.away(incident.nodeId, incident.forMs, incident.losesPower);
  }

  /** One node after the other, each lane taking every so many: drain, wait until empty, restart, take back. */
  private maintain(maintenance: Maintenance, index: number): void {
    const nodeId = maintenance.nodeIds[index];
    if (nodeId === undefined) return;
    this.say({ type: 'ConfigNode', nodeId, config: { drain: true } }, 'operator');
    this.emptied.set(nodeId, () => {
      this.away(nodeId, maintenance.awayMs, true, () => {
        this.say({ type: 'ConfigNode', nodeId, config: { drain: false } }, 'operator');
        this.maintain(maintenance, index + maintenance.width);
      });
    });
    this.changed(nodeId as NodeId);
  }

  private away(nodeId: string, forMs: number, losesPower: boolean, then?: () => void): void {
    const node = this.nodes.get(nodeId);
    if (node === undefined) return;
    if (!node.isConnected) return this.agenda.in(MINUTE_MS, () => this.away(nodeId, forMs, losesPower, then));
    const lastBeatAt = this.agenda.now;
    this.awaySince.set(nodeId, lastBeatAt);
    node.disconnect(losesPower);
    this.agenda.in(this.cluster.policy.nodeSilentMs, () => {
      if (this.awaySince.get(nodeId) === lastBeatAt)
        this.say({ type: 'MarkNodeSilent', nodeId, lastBeatAt }, 'control-plane');
    });
    this.agenda.in(forMs, () => this.back(node, losesPower, then));
  }

  private back(node: SimulatedNode, lostPower: boolean, then?: () => void): void {
    const { nodeId } = node;
    this.awaySince.delete(nodeId);
    const isSilent = this.cluster.nodes.get(nodeId as NodeId)?.online === false;
    if (isSilent) this.say({ type: 'MarkNodeHeard', nodeId }, 'control-plane');
    node.reconnect();
    if (lostPower) node.register();
    then?.();
  }
}
