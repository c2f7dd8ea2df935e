import { type Cluster, type Command, desiredNode, explain, type NodeId, type Policy } from '#domain';
import { Agenda } from './agenda.js';
import { Callers } from './callers.js';
import { seedOf } from './chance.js';
import { Control, type Decided } from './control.js';
import { Fate } from './fate.js';
import { Habits } from './habits.js';
import { DAY_MS, type Plan, type Script, START_OF_TIME } from './plan.js';
import { SimulatedNode } from './simulated-node.js';

/** Nobody lives on for longer than this after the end of the script. */
const LONGEST_AFTERMATH_MS = 3 * DAY_MS;
/** Nodes join and templates are pushed in the minute before the day begins. */
const PREPARATION_MS = 60_000;

/** Whoever looks on: hears every decision, after it was folded. */
export type Onlooker = (decided: Decided, cluster: Cluster) => void;

/** What the world looks like when nothing happens any more. */
export interface Remains {
  /** VMs that hosts hold, by node. */
  readonly held: ReadonlyMap<string, readonly string[]>;
  /** For each VM that still waits: how many nodes refuse it for a reason. */
  readonly waiting: ReadonlyMap<string, number>;
}

/** A fleet under virtual time: the real core decides, simulated hosts and callers act. One thread, nothing but the seed for chance. */
export class ScaleWorld {
  readonly control: Control;
  private readonly agenda = new Agenda(START_OF_TIME - PREPARATION_MS);
  private readonly nodes: ReadonlyMap<string, SimulatedNode>;
  private readonly callers: Callers;
  private readonly fate: Fate;
  private readonly habits: Habits;

  constructor(
    plan: Plan,
    private readonly script: Script,
    private readonly policy: Partial<Policy>,
    readonly cluster: Cluster,
    private readonly onlookers: readonly Onlooker[],
    wallClock: () => number,
  ) {
    const say = (command: Command, actor: string, correlationId?: string) =>
      this.control.say(command, actor, correlationId);
    this.control = new Control(cluster, this.agenda, (decided) => this.heard(decided), wallClock);
    this.habits = new Habits(seedOf(plan.seed, 'habits'), script.poisoned);
    this.nodes = new Map(script.nodes.map((node) => [node.nodeId, this.makeNode(node)]));
    this.callers = new Callers(this.agenda, script.jobs, START_OF_TIME, say);
    this.fate = new Fate(cluster, this.agenda, this.nodes, say);
  }

  run(): Remains {
    const policy = { ...this.cluster.policy, ...this.policy };
    this.control.say({ type: 'SetPolicy', policy }, 'control-plane');
    for (const node of this.nodes.values()) node.register();
    for (const template of this.script.templates) this.control.say(template, 'operator');
    this.callers.begin();
    this.fate.begin(this.script.incidents, START_OF_TIME);
    this.agenda.runUntil(START_OF_TIME + this.script.lengthMs + LONGEST_AFTERMATH_MS);
    return this.remains();
  }

  private makeNode(plan: Script['nodes'][number]): SimulatedNode {
    const { agenda, habits, cluster } = this;
    return new SimulatedNode(plan, {
      agenda,
      habits,
      desired: () => desiredNode(cluster, plan.nodeId as NodeId),
      tell: (command) => this.control.say(command, `node/${plan.nodeId}`),
    });
  }

  private heard(decided: Decided): void {
    for (const event of decided.events) {
      this.callers.heard(event);
      if (event.event.type === 'VMRemoved') this.habits.forget(event.event.vmId);
    }
    for (const nodeId of decided.touched) this.nodes.get(nodeId)?.wake();
    for (const nodeId of decided.changed) this.fate.changed(nodeId);
    for (const look of this.onlookers) look(decided, this.cluster);
  }

  private remains(): Remains {
    const waiting = [...this.cluster.pending].map((vmId) => {
      const waits = explain(this.cluster, vmId)?.waits;
      return [vmId, waits === undefined ? 0 : waits.nodes - waits.counts.available] as const;
    });
    const held = [...this.nodes].map(([nodeId, node]) => [nodeId, [...node.holds.keys()]] as const);
    return { held: new Map(held), waiting: new Map(waiting) };
  }
}
