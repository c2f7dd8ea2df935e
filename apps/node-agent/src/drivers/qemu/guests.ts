import { cancelled } from '../cancel.js';
import type { Clock } from '../clock.js';
import { deadline } from '../deadline.js';
import { DriverError, type ScriptResult } from '../driver.js';
import type { GuestAgent } from './guest-agent.js';
import type { GuestAgents } from './guest-agents.js';
import { MAX_SCRIPT_BYTES } from './limits.js';
import { isAlive } from './process.driver.js';
import { runInGuest } from './script-run.js';
import type { Launch } from './vm-record.js';

const RETRY_MS = 100;

/** A VM whose process runs, as far as talking to its guest is concerned. */
export interface Guest {
  vmId: string;
  workDir: string;
  launch: Launch;
}

/** What is said and asked inside guests. */
export class Guests {
  constructor(
    private readonly agents: GuestAgents,
    private readonly clock: Clock,
  ) {}

  /** Resolves with the guest's address once its agent answers. Throws `GUEST_UNREACHABLE`, `CANCELLED`. */
  async waitReady(guest: Guest, timeoutMs: number, signal: AbortSignal): Promise<string> {
    const limit = deadline(this.clock, timeoutMs, signal);
    try {
      for (;;) {
        const address = await this.agents
          .use(guest.workDir, (agent) => this.greet(guest, agent, limit.signal))
          .catch(() => undefined);
        if (address !== undefined) return address;
        if (signal.aborted) throw cancelled(signal, `waiting for the guest of VM "${guest.vmId}"`);
        if (!isAlive(guest.launch)) throw unreachable(guest.vmId, 'its process has ended');
        if (limit.signal.aborted) throw unreachable(guest.vmId, `its agent did not answer within ${timeoutMs} ms`);
        await this.clock.sleep(RETRY_MS);
      }
    } finally {
      limit.stop();
    }
  }

  async runScript(guest: Guest, script: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<ScriptResult> {
    if (script.length > MAX_SCRIPT_BYTES) {
      throw new DriverError(
        'INVALID_ARGUMENT',
        `The script has ${script.length} bytes, must be at most ${MAX_SCRIPT_BYTES}.`,
        false,
      );
    }
    const { clock } = this;
    const { vmId } = guest;
    try {
      return await this.agents.use(guest.workDir, (agent) =>
        runInGuest({ agent, clock, vmId, script, timeoutMs, signal }),
      );
    } catch (error) {
      if (error instanceof DriverError) throw error;
      throw unreachable(vmId, (error as Error).message, error);
    }
  }

  /** Stays on one connection: a guest that is still booting finds our question when it opens its end. */
  private async greet(guest: Guest, agent: GuestAgent, signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted && !agent.closed && isAlive(guest.launch)) {
      const isThere = await agent.sync().then(
        () => true,
        () => false,
      );
      if (isThere) return agent.address().catch(() => '');
    }
    return undefined;
  }
}

export function unreachable(vmId: string, why: string, cause?: unknown): DriverError {
  return new DriverError('GUEST_UNREACHABLE', `Cannot reach the guest of VM "${vmId}": ${why}.`, true, { cause });
}
