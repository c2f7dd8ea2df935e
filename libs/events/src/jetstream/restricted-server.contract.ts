import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCommand } from '../../../../tools/services/find-command.js';
import { freePort } from '../../../../tools/services/ports.js';
import { systemClock } from '../clock/clock.system.js';
import { Unavailable } from '../fault.js';
import { type NatsUser, natsUsersText } from '../nats-users.js';
import { ensureStreams, type LinkOptions, NatsLink } from './index.js';

const USERS: readonly NatsUser[] = [
  { user: 'plane', password: 'p:w/1', is: { role: 'controller' } },
  { user: 'agent', password: 'a1', is: { role: 'agent', nodeId: 'mac.01' } },
  { user: 'reader', password: 'r1', is: { role: 'reader' } },
  { user: 'ci', password: 'c1', is: { role: 'commander', inbox: '_INBOX_ci', commands: ['StartVM', 'TerminateVM'] } },
];

/** A real server that knows its users, all streams made, and the control plane's own connection to it. */
export class RestrictedServer {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly dir: string,
    readonly plane: NatsLink,
  ) {}

  static async start(): Promise<RestrictedServer> {
    const dir = mkdtempSync(join(tmpdir(), 'muster-acl-'));
    const port = await freePort();
    const config = [
      `listen: "127.0.0.1:${port}"`,
      `jetstream { store_dir: ${JSON.stringify(join(dir, 'store'))} }`,
      natsUsersText(USERS, 'reader'),
    ];
    writeFileSync(join(dir, 'nats.conf'), config.join('\n'), { mode: 0o600 });
    const command = findCommand('nats-server');
    if (command === undefined) throw new Error('nats-server must be installed for this test');
    const server = spawn(command, ['-c', join(dir, 'nats.conf')], { stdio: 'ignore' });
    const url = `127.0.0.1:${port}`;
    const plane = await patiently(() => NatsLink.connect({ url: `nats://plane:p%3Aw%2F1@${url}`, name: 'plane' }));
    await ensureStreams(plane);
    return new RestrictedServer(url, server, dir, plane);
  }

  /** A connection as somebody, and the errors that the server tells it. */
  async linkAs(credentials: string, more: Partial<LinkOptions> = {}): Promise<{ link: NatsLink; refusals: string[] }> {
    const refusals: string[] = [];
    const onStatus: LinkOptions['onStatus'] = ({ level, message }) =>
      void (level === 'error' && refusals.push(message));
    const link = await NatsLink.connect({ url: `nats://${credentials}@${this.url}`, name: 'x', onStatus, ...more });
    return { link, refusals };
  }

  async stop(): Promise<void> {
    await this.plane.close();
    const gone = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await gone;
    rmSync(this.dir, { recursive: true, force: true });
  }
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt === 50) throw error;
      await systemClock.sleep(100);
    }
  }
}
