import { chooseEvicted, type Evictable } from './eviction.js';

/** Each letter is a blob of ten bytes. */
const template = (tag: string, letters: string, usedAt?: number): Evictable => ({
  templateId: 't',
  tag,
  blobs: [...letters].map((digest) => ({ digest, sizeBytes: 10 })),
  ...(usedAt !== undefined && { usedAt }),
});

const chosen = (
  templates: Evictable[],
  wantedBytes: number,
  { kept = '', pinned = '' }: { kept?: string; pinned?: string } = {},
): string =>
  chooseEvicted(templates, new Set(kept), wantedBytes, ({ tag }) => !pinned.includes(tag))
    .map(({ tag }) => tag)
    .join('');

describe('what leaves the cache of a node', () => {
  const three = [template('1', 'a', 30), template('2', 'b', 10), template('3', 'c', 20)];

  it('is nothing as long as there is room', () => expect(chosen(three, 0)).toBe(''));
  it('is what was used least recently', () => expect(chosen(three, 10)).toBe('2'));
  it('is as much as it takes', () => expect(chosen(three, 11)).toBe('23'));
  it('is nothing when even all would not do', () => expect(chosen(three, 31)).toBe(''));
  it('is never what is pinned', () => {
    expect(chosen(three, 10, { pinned: '2' })).toBe('3');
    expect(chosen(three, 30, { pinned: '2' })).toBe('');
  });
  it('was, if nobody counted its uses, used before all others', () =>
    expect(chosen([...three, template('4', 'd')], 10)).toBe('4'));

  it('does not count a layer that another template keeps', () => {
    const shared = [template('1', 'ab', 10), template('2', 'ac', 20), template('3', 'd', 30)];
    expect(chosen(shared, 10)).toBe('1');
    expect(chosen(shared, 20)).toBe('12');
    expect(chosen(shared, 20, { pinned: '2' })).toBe('13');
  });

  it('does not count a layer that is about to be used', () =>
    expect(chosen([template('1', 'ab', 10), template('2', 'c', 20)], 20, { kept: 'a' })).toBe('12'));

  it('is nothing whose leaving gains nothing', () =>
    expect(chosen([template('1', 'a', 10), template('2', 'a', 20), template('3', 'bc', 30)], 20)).toBe('3'));
});
