import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import { AGENT_SOCKET } from './command-line.js';
import { JsonChannel } from './json-channel.driver.js';
import { isObject, type JsonObject } from './json-lines.js';
import { AGENT_COMMAND_MS, AGENT_SYNC_MS } from './limits.js';

const FORGET_HALF_A_REQUEST = Buffer.from([0xff]);

export interface GuestProcess {
  exited: boolean;
  stdout: Buffer;
  stderr: Buffer;
}

/** The agent inside one guest. Several callers may use one connection: answers carry the number of their request. */
export class GuestAgent {
  private syncs = 0;

  private constructor(private readonly channel: JsonChannel) {}

  static async connect(workDir: string, clock: Clock): Promise<GuestAgent> {
    return new GuestAgent(await JsonChannel.connect(workDir, AGENT_SOCKET, clock));
  }

  get closed(): boolean {
    return this.channel.closed;
  }

  /** Resolves when the agent answers and both sides agree where a message begins. */
  async sync(): Promise<void> {
    const id = createHash('sha256').update(`${this.syncs++}`).digest().readUInt32BE(0) >>> 1;
    this.channel.writeRaw(FORGET_HALF_A_REQUEST);
    const answer = await this.channel.command('guest-sync', { id }, AGENT_SYNC_MS);
    if (answer !== id) throw new Error('The guest agent answers another question than the one asked.');
  }

  /** Starts a program in the guest and returns its process id there. */
  async exec(path: string, args: string[], input: Buffer | undefined, env: string[]): Promise<number> {
    const request: JsonObject = { path, arg: args, env, 'capture-output': true };
    if (input) request['input-data'] = input.toString('base64');
    const answer = await this.channel.command('guest-exec', request, AGENT_COMMAND_MS);
    if (!isObject(answer) || typeof answer.pid !== 'number') throw new Error('The guest agent names no process.');
    return answer.pid;
  }

  async execStatus(pid: number): Promise<GuestProcess> {
    const answer = await this.channel.command('guest-exec-status', { pid }, AGENT_COMMAND_MS);
    if (!isObject(answer)) throw new Error('The guest agent tells nothing of the process.');
    const stream = (value: unknown): Buffer =>
      typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
    return { exited: answer.exited === true, stdout: stream(answer['out-data']), stderr: stream(answer['err-data']) };
  }

  /** Asks the guest to power itself off. A guest that obeys does not answer, so there is nothing to wait for. */
  askForShutdown(): void {
    this.channel.command('guest-shutdown', { mode: 'powerdown' }, AGENT_SYNC_MS).catch(() => undefined);
  }

  /** First IPv4 address that is not the loopback's, as the guest tells it; '' when it tells none. */
  async address(): Promise<string> {
    const answer = await this.channel.command('guest-network-get-interfaces', undefined, AGENT_COMMAND_MS);
    const addresses = (Array.isArray(answer) ? answer : []).flatMap((entry: unknown) =>
      isObject(entry) && Array.isArray(entry['ip-addresses']) ? (entry['ip-addresses'] as unknown[]) : [],
    );
    for (const address of addresses) {
      const text = isObject(address) ? address['ip-address'] : undefined;
      if (typeof text === 'string' && /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && !text.startsWith('127.')) return text;
    }
    return '';
  }

  close(): void {
    this.channel.close();
  }
}
