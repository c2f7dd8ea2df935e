import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureStreams, NatsLink } from '#events/jetstream';
import { type EmbeddedNats, startEmbeddedNats } from '../../tools/services/index.js';

const START_LIMIT_MS = 60_000;

/** A real NATS server that every spec file gets for itself, with empty streams, and a link to it. */
export class NatsOfSpec {
  private readonly dir = mkdtempSync(join(tmpdir(), 'muster-spec-'));
  private server: EmbeddedNats | undefined;
  private connected: NatsLink | undefined;

  get url(): string {
    return this.running.url;
  }

  get link(): NatsLink {
    if (this.connected === undefined) throw new Error('The NATS of a spec is there from its first beforeAll on');
    return this.connected;
  }

  async start(): Promise<void> {
    this.server = await startEmbeddedNats({ dir: this.dir });
    this.connected = await NatsLink.connect({ url: this.url, name: 'spec' });
    await ensureStreams(this.connected);
  }

  /** The server dies without a word and comes back with what it had written down. */
  async crash(): Promise<void> {
    const { pid, port, exited } = this.running;
    process.kill(pid, 'SIGKILL');
    await exited;
    this.server = await startEmbeddedNats({ dir: this.dir, port });
  }

  async end(): Promise<void> {
    await this.connected?.close();
    await this.server?.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get running(): EmbeddedNats {
    if (this.server === undefined) throw new Error('The NATS of a spec is there from its first beforeAll on');
    return this.server;
  }
}

/** Gives the spec file a NATS server of its own; call it before `beforeAll` that need it. */
export function natsOfSpec(): NatsOfSpec {
  const nats = new NatsOfSpec();
  beforeAll(() => nats.start(), START_LIMIT_MS);
  afterAll(() => nats.end());
  return nats;
}
