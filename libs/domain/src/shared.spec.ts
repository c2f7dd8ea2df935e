import { shared } from './shared.js';

describe('what is shared', () => {
  const known = { a: 1, list: [{ b: 'x' }, 2], none: undefined };

  it('is the known object when the value says the same', () => {
    expect(shared(structuredClone(known), known)).toBe(known);
  });

  it.each([
    ['another field', { ...known, a: 2 }],
    ['a field less', { a: 1, list: known.list }],
    ['a field of another name', { a: 1, list: known.list, no: undefined }],
    ['something else deep inside', { ...known, list: [{ b: 'y' }, 2] }],
    ['an object for a list', { ...known, list: { 0: { b: 'x' }, 1: 2 } }],
    ['nothing for an object', { ...known, list: null }],
  ])('is the value itself when it has %s', (_, value) => {
    expect(shared<unknown>(value, known)).toBe(value);
  });

  it('is the value itself when nothing is known', () => {
    expect(shared('x', undefined)).toBe('x');
  });
});
