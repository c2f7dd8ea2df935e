import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '#events';
import type { GuardedDial } from './guard/guarded-dial.driver.js';

type Socket = Awaited<ReturnType<GuardedDial['open']>>;

/** How long a connection is used before its name is resolved anew. */
export const MAX_SOCKET_AGE_MS = 60_000;
/** How long one that nobody uses is kept. */
const IDLE_LIMIT_MS = 20_000;
/** How many that nobody uses are kept. */
const MOST_IDLE = 16;

/**
 * The connections to one endpoint. Each is opened by the guard, to an address, for a while only; and before each request on one that was
 * kept alive the guard looks at it again. It takes no notice of proxies in the environment: they would connect in our place, unguarded.
 */
export class PinnedAgent extends Agent {
  private readonly born = new WeakMap<Duplex, number>();
  private retired = false;

  constructor(
    private readonly url: URL,
    private readonly dial: Pick<GuardedDial, 'open' | 'check'>,
    private readonly clock: Clock,
  ) {
    super({ keepAlive: true, timeout: IDLE_LIMIT_MS, maxFreeSockets: MOST_IDLE });
  }

  override createConnection(_options: object, opened?: (error: Error | null, socket: Duplex) => void): undefined {
    this.dial.open(this.url).then(
      (socket) => {
        this.born.set(socket, this.clock.now());
        opened?.(null, socket);
      },
      (error: Error) => opened?.(error, undefined as unknown as Duplex),
    );
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const ageMs = this.clock.now() - (this.born.get(socket) ?? -Infinity);
    return !this.retired && ageMs < MAX_SOCKET_AGE_MS && Boolean(super.keepSocketAlive(socket) as unknown);
  }

  /** Keeps no connection any more; what is under way comes to its end. */
  retire(): void {
    this.retired = true;
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    try {
      this.dial.check(socket as Socket);
    } catch (error) {
      request.destroy(error as Error);
      socket.destroy();
    }
  }
}
