import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeMovedPlace } from '../../services/reachable-dir.js';
import { runMuster } from '../run.js';
import { RESTARTS } from '../supervised.js';
import { TRACE, writeStandInApps } from './stand-in-apps.js';

const UNTIL_LIMIT_MS = 30_000;
/** As in life, but quicker. */
const RESTARTS_IN_TESTS = { ...RESTARTS, firstPauseMs: 20, longestPauseMs: 500 };

/** One run of Muster in the process of the test. */
export interface Run {
  /** What it has said. */
  readonly lines: string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settles when everything is up, or rejects when it will not be. */
  readonly up: Promise<void>;
  /** Settles when it has stopped. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** A clone with stand-ins for Muster's programs, a folder for its data, and what runs on it. */
export class Installation {
  readonly root = mkdtempSync(join(tmpdir(), 'muster-launch-'));
  readonly home = join(this.root, 'data');
  readonly #runs: Run[] = [];

  constructor() {
    chmodSync(this.root, 0o755);
    writeStandInApps(this.root);
  }

  /** Starts Muster with real NATS and Postgres on free ports. */
  begin(extra: Readonly<Record<string, string>> = {}): Run {
    const lines: string[] = [];
    const stop = new AbortController();
    const env = {
      PATH: process.env['PATH'],
      MUSTER_HOME: this.home,
      MUSTER_LISTEN: '127.0.0.1:0',
      MUSTER_REGISTRY_LISTEN: '127.0.0.1:0',
      MUSTER_NATS_PORT: '0',
      MUSTER_DRIVER: 'simulated',
      MUSTER_DEMO_TEMPLATE: 'false',
      ...extra,
    };
    let onReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (onReady = resolve));
    const options = { root: this.root, env, say: (line: string) => lines.push(line), stop: stop.signal, onReady };
    const ended = runMuster({ ...options, restarts: RESTARTS_IN_TESTS });
    const up = Promise.race([ready, ended]);
    up.catch(() => undefined); // a test that waits for the end alone has it there
    const run = { lines, env, ended, up, stop: () => stop.abort() };
    this.#runs.push(run);
    return run;
  }

  /** What the stand-ins wrote down about themselves, line by line. */
  trace(): string[] {
    return readFileSync(join(this.home, TRACE), 'utf8').trim().split('\n');
  }

  /** The process id of the stand-in that came up last under this name. */
  pidOf(name: string): number {
    const line = this.trace().findLast((one) => one.startsWith(`${name} up`));
    return Number(line?.split(' ')[2]);
  }

  /** The same, once it is up: the launcher waits for the API and the nodes only. */
  async pidOnceUp(name: string): Promise<number> {
    await until(`${name} is up`, () => Number.isInteger(this.pidOf(name)));
    return this.pidOf(name);
  }

  /** Stops everything that still runs and deletes all files. */
  async dispose(): Promise<void> {
    for (const run of this.#runs) run.stop();
    await Promise.allSettled(this.#runs.map((run) => run.ended));
    removeMovedPlace(this.home);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Waits until something is so. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + UNTIL_LIMIT_MS; !condition();) {
    if (Date.now() > end) throw new Error(`${what}: not after ${UNTIL_LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The steps that were told as done, in order, with `#` for their addresses and without their durations. */
export function stepsIn(lines: readonly string[]): string[] {
  const done = lines.filter((line) => line.startsWith('  ✓')).map((line) => line.slice(4));
  return done.map((line) => line.replace(/\s+[\d.]+ s$/, '').replace(/[\d.:]{5,}/, '#'));
}

/** The steps of every stop. */
export const STOP_STEPS = ['api', 'scheduler', 'node-agent', 'NATS', 'Postgres'].map((name) => `Stopped ${name}`);
