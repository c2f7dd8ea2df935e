import type { Clock, Heartbeat, Heartbeats, Watch } from '#events';

/** A node that was not heard for this long is forgotten here. */
export const VITALS_KEPT_MS = 15 * 60_000;
/** Nodes whose last beat is kept; beyond it the one heard longest ago is forgotten. */
export const MAX_NODES_HEARD = 20_000;

export interface HeardBeat extends Heartbeat {
  /** Unix ms, by our clock. */
  readonly heardAt: number;
}

/** The last heartbeat of each node, in memory only (law 7). */
export class NodeVitals {
  private readonly beats = new Map<string, HeardBeat>();
  private readonly pulls = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  listenTo(heartbeats: Heartbeats): Watch {
    return heartbeats.subscribe((beat) => this.hear(beat));
  }

  /** The last beat, or undefined when there was none in `VITALS_KEPT_MS`. */
  of(nodeId: string): HeardBeat | undefined {
    const beat = this.beats.get(nodeId);
    return beat === undefined || this.isOld(beat) ? undefined : beat;
  }

  /** How far the pull is that the VM waits for, 0–1; undefined when no node speaks of one. */
  pullProgress(vmId: string): number | undefined {
    return this.pulls.get(vmId);
  }

  hear(beat: Heartbeat): void {
    this.forget(beat.nodeId);
    this.beats.set(beat.nodeId, { ...beat, heardAt: this.clock.now() });
    for (const [vmId, progress] of Object.entries(beat.pulls)) this.pulls.set(vmId, progress);
    this.forgetOldest();
  }

  /** The map is in the order of hearing, so the first ones are the oldest. */
  private forgetOldest(): void {
    for (const [nodeId, beat] of this.beats) {
      if (this.beats.size <= MAX_NODES_HEARD && !this.isOld(beat)) return;
      this.forget(nodeId);
    }
  }

  private forget(nodeId: string): void {
    for (const vmId of Object.keys(this.beats.get(nodeId)?.pulls ?? {})) this.pulls.delete(vmId);
    this.beats.delete(nodeId);
  }

  private isOld(beat: HeardBeat): boolean {
    return this.clock.now() - beat.heardAt > VITALS_KEPT_MS;
  }
}
