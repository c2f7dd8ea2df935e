import type { Clock } from '../clock.js';
import type { ScriptResult } from '../driver.js';

/** How a simulated host behaves. Chance comes from `random` (0 ≤ x < 1), so a seed makes a host repeatable. */
export interface SimulatedOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly arch: 'amd64' | 'arm64';
  readonly cpuCount: number;
  readonly memoryMiB: number;
  /** From the start of the process to a guest that answers; drawn evenly between both. */
  readonly bootMsMin: number;
  readonly bootMsMax: number;
  /** 0–1: how often a start fails. */
  readonly failureRate: number;
  /** How long a startup script takes, all of them or by its text, and what comes of it. */
  readonly scriptMs: number | ((text: string) => number);
  readonly script: (text: string) => ScriptResult;
}

/** Boots as fast as a small guest does on real hosts (vm-runtime.md §1.2), and never fails. */
export const SIMULATED_DEFAULTS = {
  arch: 'amd64',
  cpuCount: 8,
  memoryMiB: 32_768,
  bootMsMin: 1800,
  bootMsMax: 3700,
  failureRate: 0,
  scriptMs: 100,
  script: (): ScriptResult => ({ returnCode: 0, didTimeout: false, stdout: '', stderr: '' }),
} as const;

/** First of the host ports that are handed out; a simulated port is a number and nothing listens on it. */
export const FIRST_SIMULATED_PORT = 10_000;
