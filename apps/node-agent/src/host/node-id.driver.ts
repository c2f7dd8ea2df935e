import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isId } from '#domain';

const FILE = 'node-id';
/** Leaves room for a suffix within the 64 characters of an id. */
const MAX_HOST_PART_LENGTH = 40;

/** Makes the folder in which the agent keeps everything; VM processes of other users must be able to pass through it. */
export async function prepareNodeDir(nodeDir: string): Promise<void> {
  await mkdir(nodeDir, { recursive: true, mode: 0o711 });
}

/**
 * The node's id: the one demanded, else the one of earlier starts, else a new one from the host's name and `suffix`, kept in `nodeDir`.
 * Throws when the id is none.
 */
export async function rememberedNodeId(nodeDir: string, demanded: string | undefined, suffix: string): Promise<string> {
  if (demanded !== undefined) return checked(demanded, 'the setting');
  const path = join(nodeDir, FILE);
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`Cannot read the node's id from ${path}`, { cause: error });
  });
  if (known.trim() !== '') return checked(known.trim(), path);
  const made = checked(newNodeId(hostname(), suffix), 'the name of this host');
  await prepareNodeDir(nodeDir);
  await writeFile(path, `${made}\n`, { flag: 'wx', flush: true });
  return made;
}

/** Two hosts may have the same name; their suffixes differ. */
export function newNodeId(host: string, suffix: string): string {
  const [name = ''] = host.toLowerCase().split('.');
  const letters = name
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_HOST_PART_LENGTH);
  return `${letters || 'node'}-${suffix}`;
}

function checked(id: string, from: string): string {
  if (isId(id)) return id;
  throw new Error(
    `Cannot use "${id}" from ${from} as the node's id: must be 1–64 of A–Z a–z 0–9 . _ - and start with a letter or digit`,
  );
}
