import ts from 'typescript';
import { isCode, isTest, type Rule, type Source } from './source.js';
import { lineOfNode, nodesOf, treeOf } from './syntax.js';

/** Most lines of a file; beyond it a second idea has moved in. */
export const LONGEST_FILE_LINES = 250;
/** Most lines of a function, its signature included. */
export const LONGEST_FUNCTION_LINES = 50;

/** No program text is longer than it may be. Migrations are history and generated files have no reader. */
export const fileLength: Rule = (sources) =>
  sources.filter(isMeasured).flatMap((source) => {
    const lines = source.text.replace(/\n$/, '').split('\n').length;
    return lines > LONGEST_FILE_LINES ? [`${source.path} has ${lines} lines; at most ${LONGEST_FILE_LINES}`] : [];
  });

/** No function is longer than it may be. Tests are lists of examples and may be as long as they like. */
export const functionLength: Rule = (sources) =>
  sources
    .filter((source) => isMeasured(source) && !isTest(source))
    .flatMap((source) =>
      nodesOf(source).flatMap((node) => {
        if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return [];
        const first = lineOfNode(source, node);
        const lines = treeOf(source).getLineAndCharacterOfPosition(node.end).line + 2 - first;
        const problem = `${source.path}:${first} is a function of ${lines} lines; at most ${LONGEST_FUNCTION_LINES}`;
        return lines > LONGEST_FUNCTION_LINES ? [problem] : [];
      }),
    );

function isMeasured(source: Source): boolean {
  return isCode(source) && !source.path.includes('/migrations/') && !/^.*\bGenerated (by|from)\b/.test(source.text);
}
