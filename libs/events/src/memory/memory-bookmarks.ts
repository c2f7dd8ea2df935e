import type { Bookmark, Bookmarks, KeptBookmark } from '../ports/bookmarks.js';
import { token, untoken } from '../subjects.js';
import { bookmarkText, readBookmark } from '../wire/bookmark-text.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryBookmarks implements Bookmarks {
  constructor(private readonly link: MemoryLink) {}

  async read(name: string): Promise<KeptBookmark | undefined> {
    const key = token(name);
    const entry = await this.link.request(`bookmark.read.${key}`, () => this.link.server.bookmarks.get(key));
    return entry && { bookmark: readBookmark(entry.text), revision: entry.revision };
  }

  async all(): Promise<ReadonlyMap<string, Bookmark>> {
    const { bookmarks } = this.link.server;
    const texts = await this.link.request('bookmark.all', () =>
      bookmarks.keys().map((key) => [untoken(key), bookmarks.get(key)?.text ?? ''] as const),
    );
    return new Map(texts.map(([name, text]) => [name, readBookmark(text)]));
  }

  move(name: string, bookmark: Bookmark, revision: number): Promise<number | undefined> {
    const key = token(name);
    const text = bookmarkText(bookmark);
    return this.link.request(`bookmark.move.${key}`, () => this.link.server.bookmarks.update(key, text, revision));
  }
}
