import { type Cluster, type DesiredNode, desiredNode, type NodeId } from '#domain';
import type { Alarm, Clock, DesiredState } from '#events';
import { DesiredBudget } from './desired-budget.js';
import { MAX_PUTS_IN_FLIGHT, NOTE_DELAY_MS, NOTE_PATIENCE_MS } from './limits.js';

/**
 * Writes each node's desired state after the log has it. A node that changes is written at once; one that changes again and again is
 * written the less often the more VMs it has, always with its newest value, so bursts cost few writes, and a node is never written
 * out of order. What nobody waits for is written a little later, together with whatever else happens to the node by then.
 */
export class DesiredWriter {
  /** To be written as soon as possible, in the order of their changes. */
  private readonly urgent = new Set<NodeId>();
  /** To be written not before this time, unix ms; an early one may wait for those that came before it. */
  private readonly later = new Map<NodeId, number>();
  /** Being written, or just written: true when the node has changed since. */
  private readonly busy = new Map<NodeId, boolean>();
  private readonly budget: DesiredBudget;
  private inFlight = 0;
  private alarm: { readonly at: number; readonly timer: Alarm } | undefined;
  private stopped = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly desired: DesiredState,
    private readonly clock: Clock,
    /** Resolves when all that the cluster holds now is durable. */
    private readonly durable: () => Promise<void>,
    private readonly onFault: (cause: unknown) => void,
  ) {
    this.budget = new DesiredBudget(clock);
  }

  /** Takes over what changed since the last call and starts writing it. */
  collect(): void {
    const { touched, noted } = this.cluster;
    if (touched.size === 0 && noted.size === 0) return;
    for (const nodeId of touched) this.enqueue(nodeId);
    touched.clear();
    if (noted.size > 0) this.noteAt(this.clock.now() + NOTE_DELAY_MS, noted);
    noted.clear();
    this.pump();
  }

  /** Has these nodes written again, when there is nothing better to do. */
  refresh(nodeIds: Iterable<NodeId>): void {
    this.noteAt(this.clock.now(), nodeIds);
    this.pump();
  }

  stop(): void {
    this.stopped = true;
    this.alarm?.timer.cancel();
  }

  private noteAt(dueAt: number, nodeIds: Iterable<NodeId>): void {
    for (const nodeId of nodeIds)
      if (!this.urgent.has(nodeId) && !this.later.has(nodeId)) this.later.set(nodeId, dueAt);
  }

  private enqueue(nodeId: NodeId): void {
    if (this.busy.has(nodeId)) this.busy.set(nodeId, true);
    else this.urgent.add(nodeId);
  }

  private pump(): void {
    while (!this.stopped && this.inFlight < MAX_PUTS_IN_FLIGHT) {
      const waitMs = this.budget.waitMs;
      if (waitMs > 0) return this.pumpIn(waitMs);
      const nodeId = this.next();
      if (nodeId === undefined) return;
      this.later.delete(nodeId);
      this.busy.set(nodeId, false);
      this.inFlight++;
      const value = desiredNode(this.cluster, nodeId);
      this.budget.spend(value.vms.length);
      void this.write(nodeId, value);
    }
  }

  /** The node whose turn it is: urgent ones first, as long as the others need not wait too long for it. */
  private next(): NodeId | undefined {
    const now = this.clock.now();
    for (;;) {
      const [waiting] = this.later;
      const overdueMs = waiting === undefined ? -1 : now - waiting[1];
      if (waiting !== undefined && overdueMs >= 0 && (this.urgent.size === 0 || overdueMs > NOTE_PATIENCE_MS)) {
        this.later.delete(waiting[0]);
        if (!this.busy.has(waiting[0])) return waiting[0];
        this.busy.set(waiting[0], true);
        continue;
      }
      const [first] = this.urgent;
      if (first !== undefined) this.urgent.delete(first);
      else if (waiting !== undefined) this.pumpIn(waiting[1] - now);
      return first;
    }
  }

  private pumpIn(ms: number): void {
    const at = this.clock.now() + ms;
    if (this.alarm !== undefined && this.alarm.at <= at) return;
    this.alarm?.timer.cancel();
    const timer = this.clock.after(ms, () => {
      this.alarm = undefined;
      this.pump();
    });
    this.alarm = { at, timer };
  }

  private async write(nodeId: NodeId, value: DesiredNode): Promise<void> {
    try {
      await this.durable();
      await this.desired.put(nodeId, value);
    } catch (cause) {
      this.onFault(cause);
      return;
    }
    this.inFlight--;
    const restMs = this.budget.restMs(value.vms.length);
    if (restMs > 0) this.clock.after(restMs, () => this.rested(nodeId));
    else this.rested(nodeId);
    this.pump();
  }

  private rested(nodeId: NodeId): void {
    const hasChanged = this.busy.get(nodeId);
    this.busy.delete(nodeId);
    if (hasChanged !== true) return;
    this.urgent.add(nodeId);
    this.pump();
  }
}
