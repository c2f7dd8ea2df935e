import type { NodeConfig, NodeFacts, Report } from '#domain';
import type { Clock, CommandQueue, DesiredState, Heartbeat, Heartbeats } from '#events';
import type { VmDriver } from '../drivers/driver.js';
import type { TemplateCache } from '../images/template-cache.js';
import type { VmNotes } from '../notes/vm-notes.js';
import type { LayerSink } from '../images/layer-sink.js';
import type { ScriptSource } from '../scripts/script-source.js';
import type { AgentObserver } from './observer.js';
import type { AgentOptions } from './options.js';
import type { Pulls } from './pulls.js';
import type { Slots } from './slots.js';

export interface NodeIdentity {
  readonly nodeId: string;
  /** Changes at each start of the agent. */
  readonly bootId: string;
  readonly facts: NodeFacts;
  /** Proposed at the first join; afterwards the control plane's word counts. */
  readonly config: NodeConfig;
}

/** How busy the host is. Sampled elsewhere, read at each heartbeat. */
export interface HostGauge {
  read(): Pick<Heartbeat, 'cpuUtil' | 'ramUtil' | 'diskBytes' | 'freeDiskBytes'>;
}

/** What the agent needs of the world. */
export interface AgentPorts {
  readonly clock: Clock;
  readonly queue: Pick<CommandQueue, 'publish'>;
  readonly desired: Pick<DesiredState, 'get' | 'watch'>;
  readonly heartbeats: Pick<Heartbeats, 'publish'>;
  readonly driver: VmDriver;
  readonly cache: TemplateCache;
  readonly scripts: ScriptSource;
  readonly layers: LayerSink;
  readonly notes: VmNotes;
  readonly gauge: HostGauge;
  readonly observer: AgentObserver;
}

/** What all VMs of one node share. */
export interface Site {
  readonly identity: NodeIdentity;
  readonly options: AgentOptions;
  readonly ports: AgentPorts;
  readonly pulls: Pulls;
  readonly boots: Slots;
  readonly saves: Slots;
  /** Sequence up to which the latest desired value speaks. */
  asOf: number;
  /** False before the host was looked at, and again once the agent stops: nothing new is begun. */
  accepting: boolean;
  /** Queues a report; false when there is no room, then it must be made again later. */
  tell(report: Report): boolean;
  /** Each call a higher number: orders a look at the host and what was done to it meanwhile. */
  stamp(): number;
}
