import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TOKEN_BYTES = 32;

/** What the API and the node agent of this installation know each other by: made once, readable by its owner only. */
export function nodeTokenIn(dir: string): string {
  const file = join(dir, 'node.token');
  try {
    // Fails when it is there: whoever was first has made the token.
    writeFileSync(file, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
