import { isTest, lineOf, type Rule } from './source.js';

const NAME = /\bMUSTER_[A-Z][A-Z_]*[A-Z]\b/g;

/** Every MUSTER_ name in code, documents and container files is a setting of the catalogue: no example may mislead. */
export function unknownSettings(known: readonly string[]): Rule {
  const names = new Set(known);
  return (sources) =>
    sources
      .filter((source) => !isTest(source))
      .flatMap((source) =>
        [...source.text.matchAll(NAME)]
          .filter(([name]) => !names.has(name) && !known.some((one) => one.startsWith(`${name}_`)))
          .map(
            (match) => `${source.path}:${lineOf(source.text, match.index)} speaks of ${match[0]}, which is no setting`,
          ),
      );
}

/** Every setting is read by somebody: a setting without effect is a lie. */
export function unreadSettings(known: readonly string[]): Rule {
  return (sources) => {
    const readers = sources.filter((source) => /^(apps|tools)\/.*\.(ts|mjs)$/.test(source.path) && !isTest(source));
    const read = new Set(readers.flatMap(({ text }) => text.match(/\b(MUSTER|ANKA)_[A-Z_]*[A-Z]\b/g) ?? []));
    return known.filter((name) => !read.has(name)).map((name) => `nobody reads ${name}`);
  };
}
