import { createHash, timingSafeEqual } from 'node:crypto';

/** A shared secret, of which only a hash is kept: it cannot be logged, and a comparison takes the same time for every guess. */
export class Secret {
  private readonly hash: Buffer;

  constructor(text: string) {
    this.hash = hashOf(text);
  }

  matches(guess: string): boolean {
    return timingSafeEqual(this.hash, hashOf(guess));
  }
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
