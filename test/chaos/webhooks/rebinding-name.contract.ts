import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { DnsServer } from '../../../apps/api/src/webhooks/delivery/testing/dns-server.contract.js';
import type { Random } from '../../simulation/random.js';

/** Where the receiver listens, and where webhooks must never go. Both are of this machine, so that somebody can listen there. */
const [GOOD, FORBIDDEN] = ['127.0.0.1', '127.66.0.1'];
const STAY_MS: readonly [number, number] = [500, 3_000];

/** A name that stands for the address of a receiver, then for a forbidden one, and so on; and somebody who listens there. */
export class RebindingName {
  readonly name = 'rebinding.example';
  /** Networks that may be sent to. */
  static readonly ALLOWED = '127.0.0.0/16';
  /** How often somebody was told the forbidden address. */
  told = 0;
  /** How often somebody connected to it. */
  connections = 0;
  private address = GOOD;

  private constructor(
    private readonly dns: DnsServer,
    private readonly trap: Server,
  ) {}

  static async start(): Promise<RebindingName> {
    const trap = createServer((socket) => {
      made.connections += 1;
      socket.destroy();
    });
    const dns = await DnsServer.start((name, type) => (type === 'A' ? made.answer(name) : []));
    const made = new RebindingName(dns, trap);
    return made;
  }

  /** As a setting has it. */
  get server(): string {
    return this.dns.address;
  }

  /** Somebody listens at the forbidden address, on the receiver's port. */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.trap.once('error', reject).listen(port, FORBIDDEN, resolve);
    });
  }

  /** Does so until `enough` is aborted; afterwards the name stands for the receiver. */
  async rebind(enough: AbortSignal, random: Random): Promise<void> {
    while (!enough.aborted) {
      this.address = this.address === GOOD ? FORBIDDEN : GOOD;
      await pause(random.between(...STAY_MS));
    }
    this.address = GOOD;
  }

  async stop(): Promise<void> {
    await this.dns.close();
    await new Promise((resolve) => this.trap.close(resolve));
  }

  private answer(name: string): readonly string[] {
    if (name !== this.name) return [];
    if (this.address === FORBIDDEN) this.told += 1;
    return [this.address];
  }
}
