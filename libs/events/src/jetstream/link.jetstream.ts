import {
  connect,
  type ConnectionOptions,
  createInbox,
  type NatsConnection,
  type Status,
} from '@nats-io/transport-node';
import { Unavailable } from '../fault.js';
import { CONTROLLER_INBOX } from '../nats-users.js';
import { AckPipeline } from './ack-pipeline.jetstream.js';
import { writeOncePerTurn } from './one-write-per-turn.jetstream.js';
import { assertVersion } from './server-version.js';
import { serversOf } from './servers-of.js';
import { systemClock } from '../clock/clock.system.js';

/** Pause between attempts to reconnect, ms; a control plane that fails over within two seconds cannot wait long. */
const RECONNECT_MS = 200;
const RECONNECT_JITTER_MS = 100;
/** How long one attempt to connect may take, ms. */
const DIAL_TIMEOUT_MS = 5000;
/** A server that is silent for two of these counts as gone, ms. */
const PING_MS = 5000;
/** At `close()`, how long what was published may take to leave, ms. */
const FLUSH_MS = 1000;

export interface LinkStatus {
  readonly level: 'info' | 'warn' | 'error';
  /** Without secrets. */
  readonly message: string;
}

export interface LinkOptions {
  /** One or more, separated by commas: `nats://user:password@host:4222`. */
  readonly url: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** Subject under which this client receives replies, that of controllers when not given; a restricted user may listen nowhere else. */
  readonly inboxPrefix?: string;
  readonly onStatus?: (status: LinkStatus) => void;
}

/** One connection, which reconnects for ever, and what all ports over it share. */
export class NatsLink {
  readonly acks: AckPipeline;
  /** Resolves when the connection is closed for good: asked, or refused by the server. */
  readonly closed: Promise<void>;
  private up = true;
  private readonly watchers = new Set<() => void>();

  private constructor(
    readonly nc: NatsConnection,
    private readonly options: LinkOptions,
  ) {
    this.acks = new AckPipeline(this);
    this.closed = nc.closed().then((error) => this.ended(error instanceof Error ? error : undefined));
    void this.followStatus();
  }

  /** Throws {@link Unavailable} when no server answers, and a plain error when it is too old. */
  static async connect(options: LinkOptions): Promise<NatsLink> {
    const nc = await dial(options);
    try {
      assertVersion(nc.info?.version ?? 'unknown');
    } catch (error) {
      await nc.close();
      throw error;
    }
    return new NatsLink(nc, options);
  }

  get isConnected(): boolean {
    return this.up && !this.nc.isClosed();
  }

  get isClosed(): boolean {
    return this.nc.isClosed();
  }

  get name(): string {
    return this.options.name;
  }

  /** A new subject for replies, with a dot at its end: tokens follow. */
  newInbox(): string {
    return `${createInbox(this.options.inboxPrefix ?? CONTROLLER_INBOX)}.`;
  }

  /** Calls back when the connection is lost, when it is there again, and at its end. */
  onChange(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  closedError(): Unavailable {
    return new Unavailable('nats', `The NATS connection "${this.name}" is closed for good`);
  }

  report(level: LinkStatus['level'], message: string): void {
    this.options.onStatus?.({ level, message });
  }

  /** Fire and forget: while there is no server, it is lost. */
  tell(subject: string, text: string): void {
    if (this.isConnected) this.nc.publish(subject, text);
  }

  /** Lets what was published leave, then closes for good. */
  async close(): Promise<void> {
    if (this.isConnected) await Promise.race([this.nc.flush().catch(() => undefined), systemClock.sleep(FLUSH_MS)]);
    await this.nc.close();
    await this.closed;
  }

  private async followStatus(): Promise<void> {
    for await (const status of this.nc.status()) {
      const said = wordsFor(status);
      if (said) this.report(said.level, `NATS "${this.name}": ${said.message}`);
      if (status.type === 'disconnect') this.changed(false);
      if (status.type === 'reconnect') this.changed(true);
    }
  }

  private changed(up: boolean): void {
    this.up = up;
    for (const watcher of [...this.watchers]) watcher();
  }

  private ended(error: Error | undefined): void {
    if (error) this.report('error', `NATS "${this.name}": closed for good: ${error.message}`);
    this.changed(false);
  }
}

async function dial({ url, name, inboxPrefix = CONTROLLER_INBOX }: LinkOptions): Promise<NatsConnection> {
  const { servers, shown, ...credentials } = serversOf(url);
  const options: ConnectionOptions = {
    servers,
    ...credentials,
    name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    timeout: DIAL_TIMEOUT_MS,
    pingInterval: PING_MS,
    noAsyncTraces: true,
  };
  try {
    const connection = await connect(options);
    writeOncePerTurn(connection);
    return connection;
  } catch (cause) {
    throw new Unavailable('nats', `Cannot connect to NATS at ${shown}: ${messageOf(cause)}`, { cause });
  }
}

function wordsFor(status: Status): LinkStatus | undefined {
  switch (status.type) {
    case 'disconnect':
      return { level: 'warn', message: `lost the server ${status.server}` };
    case 'reconnect':
      return { level: 'info', message: `is connected to ${status.server} again` };
    case 'error':
      return { level: 'error', message: status.error.message };
    case 'staleConnection':
      return { level: 'warn', message: 'the server does not answer pings' };
    case 'ldm':
      return { level: 'warn', message: `the server ${status.server} is about to go away` };
    default:
      return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
