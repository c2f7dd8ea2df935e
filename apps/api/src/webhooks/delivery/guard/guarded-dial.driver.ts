import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Alarm, Clock } from '#events';
import type { AddressPolicy } from './address-policy.js';
import { Forbidden } from './forbidden.js';
import type { Resolve } from './resolve.driver.js';
import { addressIn, portOf } from './url-policy.js';

/** How long a connection may take, all addresses of a name together. */
export const CONNECT_LIMIT_MS = 5_000;
/** And how long the handshake after it. */
export const TLS_LIMIT_MS = 5_000;
/** A name with more addresses is tried at the first ones. */
const MOST_ADDRESSES_TRIED = 4;

export interface DialParts {
  readonly addresses: Pick<AddressPolicy, 'refusal'>;
  readonly resolve: Resolve;
  readonly clock: Clock;
  /** Further authorities, in tests. */
  readonly tls?: Pick<ConnectionOptions, 'ca'>;
}

/**
 * Opens connections to receivers, and only to addresses that may be connected to. A name is resolved once; one forbidden address among
 * its addresses and nothing is opened; the socket is opened to a checked address, not to the name, so that a name which answers
 * differently the next time is of no use; and what the socket says it is connected to is checked once more before a byte is sent.
 */
export class GuardedDial {
  constructor(private readonly parts: DialParts) {}

  /** A connection on which HTTP may be spoken at once. Throws {@link Forbidden}, or why there is none. */
  async open(url: URL): Promise<Socket> {
    const socket = await this.tcp(url);
    return url.protocol === 'https:' ? await this.secure(socket, url) : socket;
  }

  /** Throws {@link Forbidden} when the other end of a socket is not where one may be connected to (any more). */
  check(socket: Socket): void {
    const at = socket.remoteAddress;
    const why = at === undefined ? 'it is not connected' : this.parts.addresses.refusal(at);
    if (why !== undefined) throw new Forbidden(`address ${at} is not allowed: ${why}`);
  }

  private async tcp(url: URL): Promise<Socket> {
    const addresses = await this.checkedAddresses(url);
    const eachMs = CONNECT_LIMIT_MS / addresses.length;
    let failure: unknown;
    for (const host of addresses) {
      const socket = connect({ host, port: portOf(url), noDelay: true, keepAlive: true });
      try {
        await this.within(socket, 'connect', eachMs, 'no connection');
        this.check(socket);
        return socket;
      } catch (error) {
        socket.destroy();
        if (error instanceof Forbidden) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  private async checkedAddresses(url: URL): Promise<readonly string[]> {
    const literal = addressIn(url);
    const all = literal === undefined ? await this.parts.resolve(url.hostname) : [literal];
    for (const address of all) {
      const why = this.parts.addresses.refusal(address);
      if (why !== undefined) throw new Forbidden(`${url.hostname} stands for ${address}, which is not allowed: ${why}`);
    }
    if (all.length === 0) throw new Error('the name has no address');
    return all.slice(0, MOST_ADDRESSES_TRIED);
  }

  private async secure(tcp: Socket, url: URL): Promise<Socket> {
    const host = addressIn(url) ?? url.hostname;
    const name = addressIn(url) === undefined ? { servername: url.hostname } : {};
    const socket = connectTls({
      ...this.parts.tls,
      socket: tcp,
      host,
      ...name,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
    });
    try {
      await this.within(socket, 'secureConnect', TLS_LIMIT_MS, 'no TLS handshake');
      return socket;
    } catch (error) {
      socket.destroy();
      tcp.destroy();
      throw error;
    }
  }

  private within(socket: Socket, event: 'connect' | 'secureConnect', limitMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        alarm.cancel();
        socket.off('error', fail).off('close', closed);
        // From here on whoever has the socket listens; until then an error must not end the process.
        socket.on('error', () => undefined);
        end();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const closed = (): void => settle(() => reject(new Error('the connection was closed')));
      const alarm: Alarm = this.parts.clock.after(limitMs, () => fail(new Error(`${what} within ${limitMs} ms`)));
      socket.once('error', fail).once('close', closed);
      socket.once(event, () => settle(resolve));
    });
  }
}
