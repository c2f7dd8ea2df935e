import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A text file of the repository; the path is relative to its root, with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A rule looks at sources and returns one sentence per offence, each beginning with where it is. */
export type Rule = (sources: readonly Source[]) => readonly string[];

/** The folder that holds package.json. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.muster', 'coverage']);
const TEXT = /(\.(ts|js|mjs|json|md|ya?ml|sh|sql|rc)|^Dockerfile|^LICENSE|\.ci\/run|ignore|\.npmrc|\.swcrc)$/;

/** Reads every text file of the repository, in a stable order. */
export function readTree(root = ROOT): readonly Source[] {
  return walk(root)
    .map((path) => ({ full: path, path: relative(root, path).split(sep).join('/') }))
    .filter(({ path }) => TEXT.test(path) && path !== 'package-lock.json')
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ full, path }) => ({ path, text: readFileSync(full, 'utf8') }));
}

/** Whether the file is a test, or, by its suffix or a folder called testing, only used by tests. */
export function isTest({ path }: Pick<Source, 'path'>): boolean {
  return /(\.(spec|int-spec|e2e-spec|contract)|\/testing(\/.*)?)\.ts$/.test(path);
}

/** Whether the file is a program text of ours. */
export function isCode({ path }: Source): boolean {
  return /\.(ts|js|mjs)$/.test(path);
}

/** The line, from 1, on which the character stands. */
export function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}
