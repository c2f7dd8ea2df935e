import { switchedTests, unfinished, workplacePaths } from './rules/leftovers.js';
import { readTree } from './rules/source.js';

const tree = readTree();
const file = (path: string, text: string) => ({ path, text });

describe('what is written is finished', () => {
  it('holds for every file', () => expect(unfinished(tree)).toEqual([]));

  it.each(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'st' + 'ub', 'st' + 'ubbed'])('catches %s', (word) => {
    expect(unfinished([file('docs/a.md', `One.\nA ${word} here.`)])).toEqual([
      expect.stringContaining(`docs/a.md:2 "${word}"`),
    ]);
  });

  it('allows words that only contain one of them', () => {
    expect(unfinished([file('docs/a.md', 'A stubborn mustodont in mktemp.XXXXXX.')])).toEqual([]);
  });
});

describe('no path of one machine', () => {
  it('holds for every file', () => expect(workplacePaths(tree)).toEqual([]));

  it('catches them in code and, for scratch folders, in documents', () => {
    const [home, scratch] = [`/${'wo' + 'rk'}/main`, `/${'t' + 'mp'}/notes`];
    expect(workplacePaths([file('apps/a.ts', home)])).toHaveLength(1);
    expect(workplacePaths([file('docs/a.md', `see ${scratch}`)])).toHaveLength(1);
    expect(workplacePaths([file('apps/a.ts', scratch), file('docs/a.md', 'a/wo' + 'rk/b')])).toEqual([]);
  });
});

describe('every test runs', () => {
  it('holds for every test', () => expect(switchedTests(tree)).toEqual([]));

  it.each([
    `it.${'skip'}('x', f);`,
    `describe.${'only'}('x', f);`,
    `test.${'todo'}('x');`,
    `it.${'only'}.each([1])('x', f);`,
    `it.each.${'skip'}([1])('x', f);`,
    `${'x'}it('x', f);`,
    `${'f'}describe('x', f);`,
    `const run = fast ? it : it.${'skip'};`,
  ])('catches %s', (text) => expect(switchedTests([file('libs/a.spec.ts', text)])).toHaveLength(1));

  it('allows other things called so', () => {
    expect(switchedTests([file('libs/a.spec.ts', `cursor.skip(3); query.only; it('x', f);`)])).toEqual([]);
  });
});
