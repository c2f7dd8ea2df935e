const WORD = 32;

/**
 * A set of nodes, as bits by their ordinals, with one bit per word above them that says whether the word holds any. So the nodes that
 * several sets have in common are found by looking at a few words, whatever the size of the fleet: for 10,000 nodes at ten of the
 * upper level and the one that matters below.
 */
export class NodeSet {
  private words = new Uint32Array(0);
  private upper = new Uint32Array(0);
  private count = 0;

  get size(): number {
    return this.count;
  }

  has(ordinal: number): boolean {
    return (((this.words[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1) === 1;
  }

  add(ordinal: number): void {
    const word = ordinal >>> 5;
    if (word >= this.words.length) this.grow(word);
    const bits = this.words[word] as number;
    const bit = 1 << (ordinal & 31);
    if ((bits & bit) !== 0) return;
    this.words[word] = bits | bit;
    this.upper[word >>> 5] = (this.upper[word >>> 5] as number) | (1 << (word & 31));
    this.count++;
  }

  delete(ordinal: number): void {
    const word = ordinal >>> 5;
    const bits = this.words[word] ?? 0;
    const bit = 1 << (ordinal & 31);
    if ((bits & bit) === 0) return;
    this.words[word] = bits & ~bit;
    if ((bits & ~bit) === 0) this.upper[word >>> 5] = (this.upper[word >>> 5] as number) & ~(1 << (word & 31));
    this.count--;
  }

  /** Puts the node in or takes it out. */
  put(ordinal: number, isIn: boolean): void {
    if (isIn) this.add(ordinal);
    else this.delete(ordinal);
  }

  /**
   * Goes through the ordinals that are in all of `sets` and in none of `except`, ascending, until `take` says true; returns that one,
   * or −1. `sets` must not be empty; it costs least when the smallest come first.
   */
  static find(sets: readonly NodeSet[], except: readonly NodeSet[], take: (ordinal: number) => boolean): number {
    const blocks = (sets[0] as NodeSet).upper.length;
    for (let block = 0; block < blocks; block++) {
      let words = (sets[0] as NodeSet).upper[block] as number;
      for (let index = 1; words !== 0 && index < sets.length; index++) {
        words &= (sets[index] as NodeSet).upper[block] ?? 0;
      }
      while (words !== 0) {
        const word = block * WORD + lowest(words);
        words &= words - 1;
        let bits = NodeSet.common(sets, except, word);
        while (bits !== 0) {
          const ordinal = word * WORD + lowest(bits);
          if (take(ordinal)) return ordinal;
          bits &= bits - 1;
        }
      }
    }
    return -1;
  }

  private static common(sets: readonly NodeSet[], except: readonly NodeSet[], word: number): number {
    let bits = (sets[0] as NodeSet).words[word] as number;
    for (let index = 1; bits !== 0 && index < sets.length; index++) {
      bits &= (sets[index] as NodeSet).words[word] ?? 0;
    }
    for (let index = 0; bits !== 0 && index < except.length; index++) {
      bits &= ~((except[index] as NodeSet).words[word] ?? 0);
    }
    return bits;
  }

  private grow(word: number): void {
    const length = Math.max(4, 2 ** Math.ceil(Math.log2(word + 1)));
    this.words = extended(this.words, length);
    this.upper = extended(this.upper, Math.ceil(length / WORD));
  }
}

/** Position of the lowest bit that is set. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

function extended(bits: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(bits);
  return longer;
}
