import type { Bookmark, Bookmarks, KeptBookmark } from '../ports/bookmarks.js';
import { BOOKMARK_BUCKET, token } from '../subjects.js';
import { bookmarkText, readBookmark } from '../wire/bookmark-text.js';
import { BucketKey } from './bucket.jetstream.js';
import type { NatsLink } from './link.jetstream.js';

const ASK_TIMEOUT_MS = 5000;

export class JetStreamBookmarks implements Bookmarks {
  constructor(private readonly link: NatsLink) {}

  async read(name: string): Promise<KeptBookmark | undefined> {
    const entry = await this.key(name).read();
    if (entry === undefined || entry.deleted) return undefined;
    return { bookmark: readBookmark(entry.text), revision: entry.revision };
  }

  move(name: string, bookmark: Bookmark, revision: number): Promise<number | undefined> {
    return this.key(name).write(bookmarkText(bookmark), revision);
  }

  private key(name: string): BucketKey {
    return new BucketKey(this.link, BOOKMARK_BUCKET, token(name), ASK_TIMEOUT_MS);
  }
}
