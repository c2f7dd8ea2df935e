import { setTimeout as pause } from 'node:timers/promises';
import { type Command, MAX_VMS_PER_COMMAND } from '#domain';
import { JetStreamCommandDoor, type NatsLink } from '#events/jetstream';

/** VMs asked for and not started at most: a client that asks for everything at once only fills the queue. */
const WINDOW_VMS = 20_000;
const DOOR_TIMEOUT_MS = 120_000;

/** The id of the VM with this number, as long as any client's. */
export const vmIdOf = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
export const indexOfVm = (id: string): number => Number.parseInt(id.slice(-12), 16);

/** Asks for VMs as a door does, and hears of each that has started. */
export class C2mClient {
  /** Nodes. */
  joined = 0;
  started = 0;
  private readonly door: JetStreamCommandDoor;
  private commands = 0;
  private wake: (() => void) | undefined;

  constructor(link: NatsLink) {
    this.door = new JetStreamCommandDoor(link, { timeoutMs: DOOR_TIMEOUT_MS });
    link.nc.subscribe('muster.evt.node.*.NodeRegistered', { callback: () => void this.joined++ });
    link.nc.subscribe('muster.evt.vm.*.VMStarted', { callback: () => this.heard() });
  }

  /** Throws when it is refused. */
  async order(command: Command): Promise<void> {
    const id = `c2m-${++this.commands}`;
    const outcome = await this.door.send({ id, time: Date.now(), actor: 'c2m', correlationId: id, command });
    if (outcome.kind === 'refused') throw new Error(`${command.type} was refused: ${JSON.stringify(outcome.refusal)}`);
  }

  /** Resolves when all have started. `onProgress` is called about once a second. */
  async start(vms: number, templateId: string, limitMs: number): Promise<void> {
    const end = performance.now() + limitMs;
    const orders: Promise<void>[] = [];
    let failure: unknown;
    for (let asked = 0; asked < vms; asked += MAX_VMS_PER_COMMAND) {
      const vmIds = Array.from({ length: MAX_VMS_PER_COMMAND }, (_, index) => vmIdOf(asked + index));
      const order = this.order({ type: 'StartVM', vmIds, request: { templateId } });
      orders.push(order.catch((cause: unknown) => void (failure ??= cause)));
      while (asked + 2 * MAX_VMS_PER_COMMAND - this.started > WINDOW_VMS && failure === undefined)
        await this.news(end, vms);
      if (failure !== undefined) break;
    }
    await Promise.all(orders);
    if (failure !== undefined) throw failure as Error;
    while (this.started < vms) await this.news(end, vms);
  }

  private heard(): void {
    this.started++;
    if (this.started % 100 === 0) this.wake?.();
  }

  private async news(end: number, vms: number): Promise<void> {
    if (performance.now() > end) throw new Error(`${this.started} of ${vms} VMs started in time`);
    await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), pause(200)]);
  }
}
