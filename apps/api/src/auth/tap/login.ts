import type { Attempts } from '../attempts.js';
import type { Session } from '../credentials.js';
import { Unauthenticated } from '../failures.js';
import type { Handshake } from './handshake.js';

/** The handshake for callers whom nobody knows yet: wrong attempts are counted, by address and by key. */
export class Login {
  constructor(
    private readonly handshake: Handshake,
    private readonly byAddress: Attempts,
    private readonly byKey: Attempts,
  ) {}

  hand(keyId: string, address: string): Promise<string> {
    return this.counted(keyId, address, () => this.handshake.hand(keyId));
  }

  shake(keyId: string, secret: string, address: string): Promise<Session> {
    return this.counted(keyId, address, () => this.handshake.shake(keyId, secret));
  }

  private async counted<T>(keyId: string, address: string, attempt: () => Promise<T>): Promise<T> {
    this.byAddress.check(address);
    this.byKey.check(keyId);
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Unauthenticated) {
        this.byAddress.failed(address);
        this.byKey.failed(keyId);
      }
      throw error;
    }
  }
}
