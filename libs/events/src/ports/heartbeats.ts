import type { Watch } from './desired-state.js';

/** A sign of life, on core NATS: lost ones are not missed, old ones are not kept. */
export interface Heartbeat {
  readonly nodeId: string;
  /** Changes at each start of the agent. */
  readonly bootId: string;
  /** 0–1. */
  readonly cpuUtil: number;
  readonly ramUtil: number;
  readonly diskBytes: number;
  readonly freeDiskBytes: number;
  /** VMs that run on the host. */
  readonly vmCount: number;
  /** Pulls in progress: VM id → 0–1. */
  readonly pulls: Readonly<Record<string, number>>;
  readonly intervalMs: number;
}

export interface Heartbeats {
  publish(beat: Heartbeat): void;
  subscribe(onBeat: (beat: Heartbeat) => void): Watch;
}
