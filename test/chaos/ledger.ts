import { type Cluster, emptyCluster, evolve, placementOf } from '#domain';
import { type CloudEvent, decodeEvent } from '#events';
import type { Instance, ListedInstance } from '../support/anka-client.js';
import type { Stored } from '../support/stream.js';
import { LogAudit } from '../simulation/audit/log-audit.js';
import type { Promised } from './client.js';

/** How the dialect calls each phase; written here once more, so that the two can be compared. */
const STATES: Record<string, string> = {
  pending: 'Scheduling',
  assigned: 'Scheduling',
  running: 'Started',
  failed: 'Error',
  stopped: 'Stopped',
  pushing: 'Pushing',
  terminating: 'Terminating',
  terminated: 'Terminated',
};

/** An agent that comes back tells soon which of its VMs are gone; but it may be killed again before it has. */
const LOSS_IS_TOLD_MS = 30_000;

/** The books at the end: what clients were promised, what the log says, what doors show, what hosts run. */
export class Books {
  readonly audit = new LogAudit();
  readonly cluster: Cluster = emptyCluster();
  private readonly losses = new Map<string, number>();
  private readonly starts = new Map<string, number>();

  constructor(events: readonly Stored<CloudEvent>[]) {
    for (const { body, sequence } of events) {
      this.audit.read(body);
      const recorded = decodeEvent(body, sequence);
      if (recorded !== undefined) evolve(this.cluster, recorded);
      if (body.type === 'muster.vm.VMLost') this.losses.set(body.subject, Date.parse(body.time));
      if (body.type === 'muster.vm.StartVM') this.starts.set(body.subject, (this.starts.get(body.subject) ?? 0) + 1);
    }
  }

  /** Nothing that was promised is missing, nothing is there that nobody asked for, and nothing is there twice. */
  promises(promised: readonly Promised[], ended: readonly string[]): string[] {
    const breaches: string[] = [];
    const known = new Set(promised.flatMap(({ ids }) => ids));
    for (const { key, count, ids } of promised) {
      if (ids.length !== count) breaches.push(`${key} asked for ${count} VMs and was promised ${ids.length}`);
    }
    for (const id of known) {
      const times = this.starts.get(id) ?? 0;
      if (times !== 1) breaches.push(`${id} was promised and is accepted ${times} times in the log`);
    }
    for (const id of this.starts.keys())
      if (!known.has(id)) breaches.push(`${id} is in the log and nobody asked for it`);
    for (const id of ended) {
      if (!this.audit.stories.get(id)?.ended) breaches.push(`${id} was ended, and the log does not say so`);
    }
    return breaches;
  }

  /**
   * Every VM that nobody ended runs, in a seat; or it ran and was lost with its host, whose VMs live in the agent's memory and die with it.
   * `deaths`: when the agent was killed, unix ms.
   */
  orphans(ended: readonly string[], deaths: readonly number[]): string[] {
    const over = new Set(ended);
    return [...this.cluster.vms.values()]
      .filter((vm) => !over.has(vm.id) && vm.phase.name !== 'running' && !this.diedWithItsHost(vm.id, deaths))
      .map((vm) => `${vm.id} was not ended and is ${JSON.stringify(vm.phase)}`);
  }

  private diedWithItsHost(vmId: string, deaths: readonly number[]): boolean {
    const lostAt = this.losses.get(vmId);
    if (lostAt === undefined) return false;
    return deaths.some((at) => at <= lostAt && lostAt <= at + LOSS_IS_TOLD_MS);
  }

  /** What the doors show is the fold of the log. */
  projection(shown: readonly ListedInstance[]): string[] {
    const breaches: string[] = [];
    const byId = new Map<string, Instance>(shown.map(({ instance_id, vm }) => [instance_id, vm]));
    for (const vm of this.cluster.vms.values()) {
      const row = byId.get(vm.id);
      const [state, node] = [STATES[vm.phase.name], placementOf(vm)?.nodeId];
      if (row?.instance_state !== state) breaches.push(`${vm.id} is ${state} and shown as ${row?.instance_state}`);
      else if (node !== undefined && row?.node_id !== node)
        breaches.push(`${vm.id} is on ${node}, not ${row?.node_id}`);
    }
    for (const id of byId.keys()) if (!this.starts.has(id)) breaches.push(`${id} is shown and not in the log`);
    return breaches;
  }

  /** Every host runs as many VMs as have a seat on it. `hosted`: number of VMs by node, as the hosts themselves say. */
  hosts(hosted: ReadonlyMap<string, number>): string[] {
    return [...this.cluster.nodes.keys()].flatMap((nodeId) => {
      const [runs, seats] = [hosted.get(nodeId), this.audit.seatsOf(nodeId).size];
      return runs === seats ? [] : [`${nodeId} runs ${runs} VMs, and ${seats} have a seat there`];
    });
  }
}
