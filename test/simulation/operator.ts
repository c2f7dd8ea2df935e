import type { Command } from '#domain';
import type { Clock } from '#events';
import type { Asker } from './asker.js';
import type { Random } from './random.js';

/** How many groups there are at one time. */
const MAX_GROUPS = 3;
/** How many nodes drain at one time. */
const MAX_DRAINING = 2;
/** How far above its usual capacity a node is set. */
const MORE_CAPACITY = 2;

export interface OperatorPlan {
  /** Acts are spread over this time. */
  readonly overMs: number;
  readonly acts: number;
  readonly nodes: readonly string[];
  /** VMs that a node usually holds. */
  readonly capacity: number;
  readonly templates: readonly string[];
}

/**
 * Somebody who rearranges the fleet while it is in trouble: groups, drains, capacities, caches. At the end all nodes are open again, hold
 * what they usually hold, and no group is empty, so that whoever still waits does so for want of room alone.
 */
export class Operator {
  private made = { groups: 0, distributions: 0, requests: 0 };
  private readonly draining = new Set<string>();

  /** `groups`: those that exist; kept up to date for all who want to name one. */
  constructor(
    private readonly plan: OperatorPlan,
    private readonly asker: Asker,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly groups: string[],
  ) {}

  async run(): Promise<void> {
    const { acts, overMs } = this.plan;
    for (let n = 0; n < acts; n++) {
      await this.clock.sleep(this.random.between(0, (2 * overMs) / acts));
      await this.act();
    }
    await this.settle();
  }

  private async act(): Promise<void> {
    const roll = this.random.next();
    if (this.groups.length === 0 || roll < 0.08) return this.createGroup();
    if (roll < 0.35) return this.move();
    if (roll < 0.4) return this.changeFallback();
    if (roll < 0.43) return this.deleteGroup();
    if (roll < 0.6) return this.distribute();
    if (roll < 0.7) return this.removeTemplate();
    if (roll < 0.85) return this.drainOrUndrain();
    return this.ask({ type: 'ConfigNode', nodeId: this.node(), config: { capacity: this.anyCapacity() } });
  }

  private async settle(): Promise<void> {
    const { nodes, capacity } = this.plan;
    for (const groupId of this.groups)
      await this.ask({ type: 'AddNodesToGroups', groupIds: [groupId], nodeIds: [this.node()] });
    for (const nodeId of nodes) {
      await this.ask({ type: 'ConfigNode', nodeId, config: { drain: false } });
      await this.ask({ type: 'ConfigNode', nodeId, config: { capacity } });
    }
  }

  private async createGroup(): Promise<void> {
    if (this.groups.length >= MAX_GROUPS) return this.move();
    const groupId = `group-${++this.made.groups}`;
    const fallbackGroupId = this.random.chance(0.5) ? this.random.pick(this.groups) : undefined;
    const fallback = fallbackGroupId === undefined ? {} : { fallbackGroupId };
    await this.ask({ type: 'CreateGroup', groupId, name: groupId, description: '', ...fallback });
    this.groups.push(groupId);
    return this.ask({ type: 'AddNodesToGroups', groupIds: [groupId], nodeIds: this.someNodes() });
  }

  private async deleteGroup(): Promise<void> {
    const groupId = this.group();
    this.groups.splice(this.groups.indexOf(groupId), 1);
    return this.ask({ type: 'DeleteGroup', groupId });
  }

  /** A cycle is refused. */
  private changeFallback(): Promise<void> {
    const fallbackGroupId = this.random.chance(0.3) ? null : this.group();
    return this.ask({ type: 'UpdateGroup', groupId: this.group(), fallbackGroupId });
  }

  private move(): Promise<void> {
    const type = this.random.chance(0.6) ? 'AddNodesToGroups' : 'RemoveNodesFromGroups';
    return this.ask({ type, groupIds: [this.group()], nodeIds: this.someNodes() });
  }

  private async distribute(): Promise<void> {
    const distributionId = `distribution-${++this.made.distributions}`;
    const roll = this.random.next();
    const meant = roll < 0.4 ? {} : roll < 0.8 ? { nodeIds: this.someNodes() } : { groupId: this.group() };
    await this.ask({ type: 'DistributeTemplateToNodes', distributionId, templateId: this.template(), ...meant });
    if (this.random.chance(0.7)) return;
    await this.clock.sleep(this.random.between(0, 5000));
    return this.ask({ type: 'CancelDistribution', distributionId });
  }

  private removeTemplate(): Promise<void> {
    const meant = this.random.chance(0.3) ? {} : { nodeIds: this.someNodes() };
    return this.ask({ type: 'RemoveTemplateFromNodes', templateId: this.template(), ...meant });
  }

  private drainOrUndrain(): Promise<void> {
    const drain = this.draining.size < MAX_DRAINING && this.random.chance(0.5);
    const nodeId = drain ? this.node() : (this.random.pick([...this.draining]) ?? this.node());
    if (drain) this.draining.add(nodeId);
    else this.draining.delete(nodeId);
    return this.ask({ type: 'ConfigNode', nodeId, config: { drain } });
  }

  private async ask(command: Command): Promise<void> {
    await this.asker.ask(`${this.asker.name}-${++this.made.requests}`, command);
  }

  private anyCapacity(): number {
    return this.random.between(1, this.plan.capacity + MORE_CAPACITY);
  }

  private someNodes(): string[] {
    const some = this.plan.nodes.filter(() => this.random.chance(0.5));
    return some.length > 0 ? some : [this.node()];
  }

  private node = (): string => this.oneOf(this.plan.nodes);
  private group = (): string => this.oneOf(this.groups);
  private template = (): string => this.oneOf(this.plan.templates);

  private oneOf(all: readonly string[]): string {
    const one = this.random.pick(all);
    if (one === undefined) throw new Error('The operator has nothing to choose from: the plan must name some');
    return one;
  }
}
