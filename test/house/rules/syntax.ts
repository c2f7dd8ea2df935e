import ts from 'typescript';
import type { Source } from './source.js';

/** One import or re-export. `names` are the imported names (`*` for all of them); `typeOnly` means that it leaves no trace at run time. */
export interface Import {
  readonly specifier: string;
  readonly names: readonly string[];
  readonly typeOnly: boolean;
  readonly line: number;
}

const trees = new WeakMap<Source, ts.SourceFile>();

/** The syntax tree of a source; parsed once. */
export function treeOf(source: Source): ts.SourceFile {
  const known = trees.get(source);
  if (known) return known;
  const kind = source.path.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ESNext, true, kind);
  trees.set(source, tree);
  return tree;
}

/** Every node of the source, parents before children. */
export function nodesOf(source: Source): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(treeOf(source));
  return found;
}

/** The line, from 1, on which the node starts. */
export function lineOfNode(source: Source, node: ts.Node): number {
  const tree = treeOf(source);
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** All imports of the source: static, re-exported, dynamic with a literal, and import types. */
export function importsOf(source: Source): readonly Import[] {
  return nodesOf(source).flatMap((node) => {
    const found = importAt(node);
    return found ? [{ ...found, line: lineOfNode(source, node) }] : [];
  });
}

function importAt(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) return fromImport(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return fromExport(node, node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument && ts.isStringLiteral(argument)
      ? { specifier: argument.text, names: ['*'], typeOnly: false }
      : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, names: ['*'], typeOnly: true };
  }
  return undefined;
}

function fromImport(node: ts.ImportDeclaration): Omit<Import, 'line'> {
  const specifier = textOf(node.moduleSpecifier);
  const clause = node.importClause;
  if (!clause) return { specifier, names: [], typeOnly: false };
  const bindings = clause.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const names = named.map((element) => (element.propertyName ?? element.name).text);
  if (clause.name) names.push('default');
  if (bindings && ts.isNamespaceImport(bindings)) names.push('*');
  const onlyTypes = names.length === named.length && named.length > 0 && named.every((element) => element.isTypeOnly);
  return { specifier, names, typeOnly: clause.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes };
}

function fromExport(node: ts.ExportDeclaration, moduleSpecifier: ts.Expression): Omit<Import, 'line'> {
  const clause = node.exportClause;
  const named = clause && ts.isNamedExports(clause) ? [...clause.elements] : [];
  const names = named.length > 0 ? named.map((element) => (element.propertyName ?? element.name).text) : ['*'];
  const onlyTypes = named.length > 0 && named.every((element) => element.isTypeOnly);
  return { specifier: textOf(moduleSpecifier), names, typeOnly: node.isTypeOnly || onlyTypes };
}

function textOf(node: ts.Expression): string {
  return ts.isStringLiteral(node) ? node.text : '';
}
