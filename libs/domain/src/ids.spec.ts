import { isId, nodeId, templateId, vmId } from './ids.js';

describe('an id', () => {
  it.each(['a', '0', '_x', 'mac-mini.01', 'A'.repeat(64), '3f2b8c1e-0000-4000-8000-000000000000', 'a.b.c'])(
    'may be %s',
    (value) => expect(isId(value)).toBe(true),
  );

  it.each(['', '.', '..', '.a', '-a', 'a.', 'a..b', 'a/b', 'a b', 'a\n', 'ä', 'a*', 'a>', 'A'.repeat(65)])(
    'may not be "%s"',
    (value) => expect(isId(value)).toBe(false),
  );

  it('is checked where it is made', () => {
    for (const make of [vmId, nodeId, templateId]) {
      expect(make('ok')).toBe('ok');
      expect(() => make('../x')).toThrow('Cannot use "../x" as an id');
    }
  });
});
