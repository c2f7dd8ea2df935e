import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = join('docs', 'schemas');
const FILE = /^(\w+)\.v(\d+)\.json$/;

export interface SchemaFile {
  readonly type: string;
  readonly version: number;
  /** JSON Schema, as text. */
  readonly text: string;
}

/** The schemas that this build was made with; read once. Throws when they are not beside it. */
export function readSchemaFiles(from = import.meta.dirname): readonly SchemaFile[] {
  const folder = join(rootAbove(from), FOLDER);
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const [, type, version] = FILE.exec(file) ?? [];
      if (type === undefined) return [];
      return [{ type, version: Number(version), text: readFileSync(join(folder, file), 'utf8') }];
    });
}

/** Compiled or not, the schemas are in the documents of the same clone or container. */
function rootAbove(dir: string): string {
  if (existsSync(join(dir, FOLDER))) return dir;
  if (dirname(dir) === dir) throw new Error(`Cannot find ${FOLDER} in any folder above this program`);
  return rootAbove(dirname(dir));
}
