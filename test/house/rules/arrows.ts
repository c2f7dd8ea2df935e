import { posix } from 'node:path';
import { isTest, type Rule, type Source } from './source.js';
import { importsOf } from './syntax.js';

const ALIASES: Readonly<Record<string, string>> = {
  '#domain': 'libs/domain/src/index.ts',
  '#events': 'libs/events/src/index.ts',
  '#events/jetstream': 'libs/events/src/jetstream/index.ts',
  '#events/testing': 'libs/events/src/testing.ts',
};

/** The path which an import of our own code points to; `undefined` for packages. */
export function targetOf(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return ALIASES[specifier] ?? specifier;
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(source.path), specifier).replace(/\.js$/, '.ts');
}

/** Arrows point one way: apps to libs/events to libs/domain; no app imports another, no dialect imports another. */
export const arrows: Rule = (sources) =>
  sources
    .filter((source) => /^(apps|libs)\/.*\.ts$/.test(source.path))
    .flatMap((source) =>
      importsOf(source).flatMap(({ specifier, line }) => {
        const target = targetOf(source, specifier);
        const offence = target === undefined ? undefined : offenceOf(source, target);
        return offence === undefined ? [] : [`${source.path}:${line} imports ${specifier}: ${offence}`];
      }),
    );

function offenceOf(source: Source, target: string): string | undefined {
  const from = houseOf(source.path);
  const to = houseOf(target);
  if (from !== to && !mayImport(from, to, isTest(source))) return `${from} must not know ${to}`;
  if (isTest({ path: target }) && !isTest(source)) return 'only tests may use it';
  const [own, other] = [dialectOf(source.path), dialectOf(target)];
  if (own && other && own !== other) return `dialect ${own} must not know dialect ${other}`;
  return undefined;
}

function mayImport(from: string, to: string, test: boolean): boolean {
  if (test && (to === 'test' || to === 'tools')) return true;
  if (from.startsWith('apps/')) return to === 'libs/events' || to === 'libs/domain';
  return from === 'libs/events' && to === 'libs/domain';
}

function houseOf(path: string): string {
  return /^(apps|libs)\/[^/]+/.exec(path)?.[0] ?? /^[^/]+/.exec(path)?.[0] ?? path;
}

function dialectOf(path: string): string | undefined {
  return /\/dialects\/([^/]+)\//.exec(path)?.[1];
}
