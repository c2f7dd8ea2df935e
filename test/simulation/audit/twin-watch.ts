import type { Clock } from '#events';
import type { AgentProcess } from '../processes.js';

const LOOK_EVERY_MS = 500;
/** A node that could not be reached learns what it missed within one review of its desired state, and some. */
const GRACE_MS = 45_000;

/**
 * Looks at the hosts while the world lives: no VM may run on two of them, except while one cannot be reached. A node that is cut off
 * cannot be told to let go; as soon as it can, it must.
 */
export class TwinWatch {
  readonly breaches: string[] = [];
  private readonly unreachableAt = new Map<string, number>();
  private readonly told = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly agents: readonly AgentProcess[],
  ) {}

  async run(forMs: number): Promise<void> {
    const end = this.clock.now() + forMs;
    while (this.clock.now() < end) {
      await this.look();
      await this.clock.sleep(LOOK_EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const now = this.clock.now();
    const seenOn = new Map<string, string>();
    for (const agent of this.agents) {
      if (!agent.isUp || !agent.link.connected) this.unreachableAt.set(agent.name, now);
      for (const vm of await agent.host.driver.list()) {
        if (vm.status !== 'running') continue;
        const other = seenOn.get(vm.vmId);
        if (other !== undefined && this.reachable(other, now) && this.reachable(agent.name, now))
          this.tell(vm.vmId, other, agent.name);
        seenOn.set(vm.vmId, agent.name);
      }
    }
  }

  private reachable(name: string, now: number): boolean {
    return now - (this.unreachableAt.get(name) ?? 0) > GRACE_MS;
  }

  private tell(vmId: string, one: string, other: string): void {
    if (this.told.has(vmId)) return;
    this.told.add(vmId);
    this.breaches.push(`${vmId} runs on ${one} and on ${other}, and both can be reached`);
  }
}
