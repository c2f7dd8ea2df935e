import { DEFAULT_RESERVE_PERCENT, type NodeConfig, type NodeFacts } from '#domain';
import { type AgentFigures, NodeAgent } from './agent/agent.js';
import type { AgentOptions } from './agent/options.js';
import type { AgentPorts } from './agent/site.js';

/** One node that this process plays. */
export interface NodePlan {
  readonly nodeId: string;
  readonly facts: NodeFacts;
  readonly capacity: number;
  /** How much of its disk templates leave free. */
  readonly reservePercent: number;
  /** Ports of its own. */
  readonly own: Pick<AgentPorts, 'driver' | 'cache' | 'notes'>;
}

/** All nodes that this process plays: one on a real host, any number of simulated ones. They share one connection. */
export class Fleet {
  readonly agents: readonly NodeAgent[];

  constructor(
    plans: readonly NodePlan[],
    bootId: string,
    shared: Omit<AgentPorts, keyof NodePlan['own']>,
    options: AgentOptions,
  ) {
    this.agents = plans.map(
      ({ nodeId, facts, capacity, reservePercent, own }) =>
        new NodeAgent(
          { nodeId, bootId, facts, config: proposed(capacity, reservePercent) },
          { ...shared, ...own },
          options,
        ),
    );
  }

  get figures(): readonly AgentFigures[] {
    return this.agents.map((agent) => agent.figures);
  }

  /** What keeps the process from being ready; undefined when nothing does. */
  get unready(): string | undefined {
    const waiting = this.figures.filter(({ isReady }) => !isReady).length;
    return waiting === 0 ? undefined : `${waiting} of ${this.agents.length} nodes are not ready`;
  }

  async start(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.start()));
  }

  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop(graceMs)));
  }
}

function proposed(capacity: number, reservePercent: number): NodeConfig {
  const config = { capacityMode: 'number', capacity, vcpuOverride: 0, memoryMiBOverride: 0, drain: false } as const;
  return reservePercent === DEFAULT_RESERVE_PERCENT ? config : { ...config, reservePercent };
}
