import ts from 'typescript';
import { isCode, isTest, lineOf, type Rule, type Source } from './source.js';
import { lineOfNode, nodesOf } from './syntax.js';

// Written in pieces, so that the rule does not find itself.
const UNFINISHED = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b|\\b${'st' + 'ub'}(s|bed)?\\b`,
  'g',
);
const WORKPLACE = new RegExp(`(?<![\\w.])/${'wo' + 'rk'}/`, 'g');
const SCRATCH = new RegExp(`(?<![\\w.])/${'t' + 'mp'}/`, 'g');
const TEST_FUNCTIONS = new Set(['it', 'test', 'describe', 'each']);
const SWITCHED = new Set(['skip', 'only', 'todo', 'failing']);
const SWITCHED_SHORT = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe', 'ftest']);

/** Nothing is left for later: what is written is finished. */
export const unfinished: Rule = (sources) =>
  sources.flatMap((source) => matches(source, UNFINISHED, 'is a note for later; finish it or file an issue'));

/** No path of somebody's machine in code or docs. */
export const workplacePaths: Rule = (sources) =>
  sources.flatMap((source) => [
    ...matches(source, WORKPLACE, 'is a path of one machine'),
    ...(source.path.endsWith('.md') ? matches(source, SCRATCH, 'is a path of one machine') : []),
  ]);

/** Every test runs, always: none is skipped, none runs alone. */
export const switchedTests: Rule = (sources) =>
  sources
    .filter((source) => isCode(source) && (isTest(source) || source.path.startsWith('test/')))
    .flatMap((source) =>
      nodesOf(source).flatMap((node) => {
        const name = switchedName(node);
        return name === undefined
          ? []
          : [`${source.path}:${lineOfNode(source, node)} ${name} keeps a test from running`];
      }),
    );

function switchedName(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && SWITCHED_SHORT.has(node.expression.text)) {
    return node.expression.text;
  }
  if (!ts.isPropertyAccessExpression(node) || !SWITCHED.has(node.name.text)) return undefined;
  const owner = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  return ts.isIdentifier(owner) && TEST_FUNCTIONS.has(owner.text) ? `${owner.text}.${node.name.text}` : undefined;
}

function matches(source: Source, pattern: RegExp, problem: string): string[] {
  return [...source.text.matchAll(pattern)].map(
    (match) => `${source.path}:${lineOf(source.text, match.index)} "${match[0]}" ${problem}`,
  );
}
