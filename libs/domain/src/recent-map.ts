/**
 * A map that keeps the latest entries, up to a bound, and forgets the oldest first. A map of its own kind because the plain way, to ask a
 * full map for its first key each time, walks over the place of every entry that was forgotten before: the age of an entry is the age
 * of its key.
 */
export class RecentMap<K, V> extends Map<K, V> {
  /** Goes on where it stopped, so that no place is walked over twice. */
  private oldest: MapIterator<K> | undefined;

  constructor(private readonly bound: number) {
    super();
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    if (this.size <= this.bound) return this;
    this.oldest ??= this.keys();
    const { value: forgotten, done } = this.oldest.next();
    if (done !== true) this.delete(forgotten);
    return this;
  }
}
