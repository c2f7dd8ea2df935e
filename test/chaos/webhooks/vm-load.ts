import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '#events';
import { JetStreamCommandQueue, NatsLink } from '#events/jetstream';
import type { Command } from '#domain';
import type { Fleet } from '../../support/fleet.js';

/** VMs of one command. */
const AT_ONCE = 50;
const RETRY_MS = 200;

/**
 * Starts VMs and ends them, wave after wave, by commands on NATS: so the log grows whatever is done to the API meanwhile. Every command
 * is sent until NATS has it.
 */
export class VmLoad {
  private commands = 0;

  private constructor(
    private readonly link: NatsLink,
    private readonly queue: JetStreamCommandQueue,
    private readonly template: string,
    private readonly name: string,
  ) {}

  static async of(fleet: Fleet, template: string, name: string): Promise<VmLoad> {
    const link = await NatsLink.connect({ url: fleet.natsUrl, name: 'load' });
    return new VmLoad(link, new JetStreamCommandQueue(link), template, name);
  }

  /** One wave: so many VMs, each started and later ended, as many at a time as fit. */
  async wave(vms: number, lifeMs: number): Promise<void> {
    const ids = Array.from({ length: vms }, (_, n) => `${this.name}-${this.commands}-${n}`);
    for (let from = 0; from < vms; from += AT_ONCE)
      await this.send({
        type: 'StartVM',
        vmIds: ids.slice(from, from + AT_ONCE),
        request: { templateId: this.template },
      } as unknown as Command);
    await pause(lifeMs);
    await Promise.all(ids.map((vmId) => this.send({ type: 'TerminateVM', vmId } as unknown as Command)));
  }

  close(): Promise<void> {
    return this.link.close();
  }

  private async send(command: Command): Promise<void> {
    const id = `${this.name}-command-${++this.commands}`;
    for (;;) {
      try {
        await this.queue.publish({ id, time: Date.now(), actor: 'chaos', correlationId: this.name, command });
        return;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await pause(RETRY_MS);
      }
    }
  }
}
