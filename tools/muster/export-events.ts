import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { eventLine, headerLine, trailerLine } from '../../apps/api/src/archive/export-file.js';
import { type StoredArchive, verified } from '../../apps/api/src/archive/stored-archive.js';
import { withStoredArchive } from '../../apps/api/src/archive/stored-archive.postgres.js';
import { openPool } from '../../apps/api/src/projections/database.postgres.js';
import type { OwnServices } from '../launch/own-services.js';
import { Progress, type Say } from './progress.js';

/** Lines are handed to the file in pieces of about this size. */
const PIECE_CHARACTERS = 1024 * 1024;

/** Writes the archive as it is now to a file, which has its name only once all of it has been found right. */
export async function exportEvents(
  services: Pick<OwnServices, 'MUSTER_DATABASE_URL'>,
  file: string,
  say: Say,
): Promise<true> {
  const pool = openPool(services.MUSTER_DATABASE_URL, 1);
  const unfinished = `${file}.unfinished`;
  try {
    const progress = new Progress('Exporting', say);
    await withStoredArchive(pool, (archive) =>
      pipeline(Readable.from(inPieces(linesOf(archive, progress))), createWriteStream(unfinished)),
    );
    await rename(unfinished, file);
    say(`Exported ${progress.events} events to ${file}, ${progress.perSecond()} events/s.`);
    return true;
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause;
  } finally {
    await pool.end();
  }
}

async function* linesOf(archive: StoredArchive, progress: Progress): AsyncGenerator<string> {
  const { head, first, anchor } = archive;
  if (head.incarnation === undefined) throw new Error('Cannot export events: the archive has none');
  yield headerLine({
    incarnation: head.incarnation,
    first: first ?? 1,
    last: head.sequence,
    anchor: anchor.toString('hex'),
  });
  for await (const { event } of verified(archive)) {
    yield eventLine(event);
    progress.note();
  }
  yield trailerLine({ count: progress.events, hash: head.hash.toString('hex') });
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
