import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { HostGauge } from '../agent/site.js';

/** Time that all CPUs together have spent since the host started, ms. */
interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

type Reading = ReturnType<HostGauge['read']>;

/** Measures the host now and then, so that the loop reads the latest figures without waiting. */
export class SampledHostGauge implements HostGauge {
  #times = cpuTimes();
  #reading: Reading = { cpuUtil: 0, ramUtil: 0, diskBytes: 0, freeDiskBytes: 0 };
  #timer: NodeJS.Timeout | undefined;

  /** `path` is on the disk whose room counts; `onFault` hears when it cannot be measured. */
  constructor(
    private readonly path: string,
    private readonly onFault: (cause: unknown) => void,
  ) {}

  read(): Reading {
    return this.#reading;
  }

  /** Measures at once and then every `everyMs`. */
  async start(everyMs: number): Promise<void> {
    await this.#sample();
    this.#timer = setInterval(() => void this.#sample(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    const before = this.#times;
    this.#times = cpuTimes();
    const total = this.#times.total - before.total;
    const cpuUtil = total > 0 ? (this.#times.busy - before.busy) / total : this.#reading.cpuUtil;
    const ramUtil = 1 - freemem() / totalmem();
    try {
      const { blocks, bavail, bsize } = await statfs(this.path);
      this.#reading = { cpuUtil, ramUtil, diskBytes: blocks * bsize, freeDiskBytes: bavail * bsize };
    } catch (cause) {
      this.#reading = { ...this.#reading, cpuUtil, ramUtil };
      this.onFault(cause);
    }
  }
}

function cpuTimes(): CpuTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}
