import { SINGLE_USE_KEPT_MS, type SingleUse } from '../ports/single-use.js';
import { SINGLE_USE_BUCKET } from '../subjects.js';
import { BucketKey } from './bucket.jetstream.js';
import type { NatsLink } from './link.jetstream.js';

const WRITE_LIMIT_MS = 2000;

/** A key that can be created once; the bucket's age limit takes it away when nobody can ask for it any more. */
export class JetStreamSingleUse implements SingleUse {
  constructor(
    private readonly link: NatsLink,
    /** Must be what `ensureStreams` was told. */
    readonly keptMs = SINGLE_USE_KEPT_MS,
  ) {}

  async use(name: string): Promise<boolean> {
    return (await new BucketKey(this.link, SINGLE_USE_BUCKET, name, WRITE_LIMIT_MS).write('', 0)) !== undefined;
  }
}
