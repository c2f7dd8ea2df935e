import ts from 'typescript';
import { isCode, type Rule, type Source } from './source.js';
import { lineOfNode, nodesOf } from './syntax.js';

/** Words that say nothing about a thing. */
const EMPTY_WORDS = new Set(['manager', 'helper', 'helpers', 'util', 'utils', 'base', 'impl']);

/** Nothing we declare, and no file, has a name with a word that says nothing; no class is a bag called Service. */
export const names: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    const path = wordsOf(source.path).find((word) => EMPTY_WORDS.has(word));
    const declared = nodesOf(source).flatMap((node) => {
      const name = declaredName(node);
      const offence = name === undefined ? undefined : offenceOf(node, name);
      return offence === undefined ? [] : [`${source.path}:${lineOfNode(source, node)} ${offence}`];
    });
    return path === undefined ? declared : [`${source.path} has the empty word "${path}" in its name`, ...declared];
  });

function offenceOf(node: ts.Node, name: string): string | undefined {
  const word = wordsOf(name).find((candidate) => EMPTY_WORDS.has(candidate));
  if (word !== undefined) return `declares ${name}: "${word}" says nothing`;
  if (ts.isClassDeclaration(node) && /Service$/.test(name)) return `declares ${name}: say what it does`;
  return undefined;
}

/** The name of a type, a class or a function; variables and members may be called as their neighbours need it (`baseUrl`). */
function declaredName(node: ts.Node): string | undefined {
  const isNamed =
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isFunctionDeclaration(node);
  return isNamed ? node.name?.text : undefined;
}

function wordsOf(name: Source['path']): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
