import type { Clock } from '../clock.js';
import { GuestAgent } from './guest-agent.js';

interface Shared {
  connecting: Promise<GuestAgent>;
  agent?: GuestAgent;
  failed: boolean;
  users: number;
}

/** QEMU gives the agent's channel to one client at a time, so all users of one guest share a connection. */
export class GuestAgents {
  private readonly shared = new Map<string, Shared>();

  constructor(private readonly clock: Clock) {}

  /** Runs the task with a connection to the guest's agent, which need not be answering yet. */
  async use<T>(workDir: string, task: (agent: GuestAgent) => Promise<T>): Promise<T> {
    const entry = this.enter(workDir);
    try {
      return await task(await entry.connecting);
    } finally {
      this.leave(workDir, entry);
    }
  }

  private enter(workDir: string): Shared {
    const known = this.shared.get(workDir);
    if (known && !known.failed && !known.agent?.closed) {
      known.users++;
      return known;
    }
    const entry: Shared = { connecting: GuestAgent.connect(workDir, this.clock), failed: false, users: 1 };
    entry.connecting.then(
      (agent) => (entry.agent = agent),
      () => (entry.failed = true),
    );
    this.shared.set(workDir, entry);
    return entry;
  }

  private leave(workDir: string, entry: Shared): void {
    entry.users--;
    if (entry.users > 0) return;
    if (this.shared.get(workDir) === entry) this.shared.delete(workDir);
    entry.agent?.close();
  }
}
