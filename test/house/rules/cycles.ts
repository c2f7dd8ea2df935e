import { targetOf } from './arrows.js';
import { isTest, type Rule } from './source.js';
import { importsOf } from './syntax.js';

/** No file of libs/ imports itself through others. Imports of types do not count: nothing of them is left at run time. */
export const cycles: Rule = (sources) => {
  const files = sources.filter((source) => /^libs\/.*\.ts$/.test(source.path) && !isTest(source));
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map((source) => {
      const values = importsOf(source).filter(({ typeOnly }) => !typeOnly);
      const targets = values.map(({ specifier }) => targetOf(source, specifier) ?? '');
      return [source.path, targets.filter((target) => known.has(target))];
    }),
  );
  return firstCycles(edges).map((path) => `${path[0]} imports itself: ${path.join(' -> ')}`);
};

/** Depth first; a node that is met again on the way from the start closes a cycle. */
function firstCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const met = way.indexOf(node);
    if (met >= 0) found.push([...way.slice(met), node]);
    if (met >= 0 || done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return found;
}
