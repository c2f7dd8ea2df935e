import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { program } from '../../support/root.js';
import type { Account } from './arrivals.js';
import type { Temper } from './trouble.js';

export interface ReceiverPlan {
  /** Also the path of the endpoint. */
  readonly name: string;
  /** Absent: signatures are not checked. */
  readonly secret?: string;
  readonly temper: Temper;
  readonly seed: number;
}

export type ToReceiver =
  | { readonly kind: 'add'; readonly plan: ReceiverPlan }
  | { readonly kind: 'open'; readonly port: number }
  | { readonly kind: 'counts' }
  | { readonly kind: 'accounts' };

export type FromReceiver =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'added' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: 'accounts'; readonly accounts: readonly Account[] };

/** The process of the receivers. It ends with us. */
export class Receiver {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const child = fork(program('test', 'chaos', 'webhooks', 'receiver.main.js'), { stdio: 'inherit' });
    const [message] = (await once(child, 'message')) as [FromReceiver];
    if (message.kind !== 'listening') throw new Error(`The receiver said ${message.kind}, must say where it listens`);
    return new Receiver(child, `http://127.0.0.1:${message.port}`);
  }

  async add(plan: ReceiverPlan): Promise<void> {
    await this.ask({ kind: 'add', plan });
  }

  /** Serves on another port from now on, too. */
  async open(port: number): Promise<void> {
    await this.ask({ kind: 'open', port });
  }

  /** How many different events each endpoint has taken. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const answer = await this.ask({ kind: 'counts' });
    return answer.kind === 'counts' ? answer.counts : {};
  }

  async accounts(): Promise<readonly Account[]> {
    const answer = await this.ask({ kind: 'accounts' });
    return answer.kind === 'accounts' ? answer.accounts : [];
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** One question at a time. */
  private async ask(question: ToReceiver): Promise<FromReceiver> {
    const answer = once(this.child, 'message') as Promise<[FromReceiver]>;
    this.child.send(question);
    return (await answer)[0];
  }
}
