import type { Bookmark, Bookmarks, KeptBookmark } from '../ports/bookmarks.js';
import { BOOKMARK_BUCKET, token, untoken } from '../subjects.js';
import { bookmarkText, readBookmark } from '../wire/bookmark-text.js';
import { BucketKey, keySubject } from './bucket.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { subjectsOf } from './stream-state.jetstream.js';

const ASK_TIMEOUT_MS = 5000;

export class JetStreamBookmarks implements Bookmarks {
  constructor(private readonly link: NatsLink) {}

  async read(name: string): Promise<KeptBookmark | undefined> {
    const entry = await this.key(name).read();
    if (entry === undefined || entry.deleted) return undefined;
    return { bookmark: readBookmark(entry.text), revision: entry.revision };
  }

  async all(): Promise<ReadonlyMap<string, Bookmark>> {
    const all = new Map<string, Bookmark>();
    for (const subject of await subjectsOf(this.link, `KV_${BOOKMARK_BUCKET}`)) {
      const name = untoken(subject.slice(keySubject(BOOKMARK_BUCKET, '').length));
      const kept = await this.read(name);
      if (kept !== undefined) all.set(name, kept.bookmark);
    }
    return all;
  }

  move(name: string, bookmark: Bookmark, revision: number): Promise<number | undefined> {
    return this.key(name).write(bookmarkText(bookmark), revision);
  }

  private key(name: string): BucketKey {
    return new BucketKey(this.link, BOOKMARK_BUCKET, token(name), ASK_TIMEOUT_MS);
  }
}
