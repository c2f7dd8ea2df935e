import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeMovedPlace } from '../../tools/services/reachable-dir.js';
import { openHome, type Home } from '../../tools/launch/home.js';

/** Postgres and QEMU run under other accounts, which must get through to their own folders. */
const OTHERS_MAY_PASS = 0o711;

/** A folder that no other test uses; its path is short, because sockets below it have to have short ones. */
export function tempFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mst-'));
  chmodSync(dir, OTHERS_MAY_PASS);
  return dir;
}

/** An installation of its own in a temporary folder. */
export function tempHome(): Home {
  return openHome(tempFolder());
}

/** Deletes everything of a temporary installation. */
export function removeHome(dir: string): void {
  removeMovedPlace(dir);
  rmSync(dir, { recursive: true, force: true });
}
