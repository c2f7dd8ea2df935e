import { createReadStream } from 'node:fs';
import { JetStreamEventLog, JetStreamLogRestore, NatsLink } from '#events/jetstream';
import { archived } from '../../apps/api/src/archive/archived-event.js';
import { NOTHING_BEFORE } from '../../apps/api/src/archive/chain.js';
import { type ExportHeader, type ExportSummary, readExport } from '../../apps/api/src/archive/export-file.js';
import { KeptArchive } from '../../apps/api/src/archive/kept-archive.postgres.js';
import type { OwnServices } from '../launch/own-services.js';
import { Progress, type Say } from './progress.js';

/** Fills a new NATS server from a file; the file is read to its end and found right before anything is written. */
export async function importEvents(services: OwnServices, file: string, say: Say): Promise<true> {
  let commandSequence = 0;
  const summary = await readExport(linesOf(file), ({ sequence, body }) => {
    commandSequence = Math.max(commandSequence, archived({ sequence, raw: body }).commandSequence);
  });
  const { last } = summary.header;
  assertWhole(file, summary.header);
  say(
    `${file} is right: ${summary.trailer.count} events up to sequence ${last}, from log ${summary.header.incarnation}.`,
  );
  const kept = await KeptArchive.find(services.MUSTER_DATABASE_URL);
  try {
    kept.assertFits(summary);
    const incarnation = await fill(services.MUSTER_NATS_URL, file, commandSequence, say);
    say(`EVENTS ends at sequence ${last}; COMMANDS goes on behind ${commandSequence}.`);
    await tellArchive(kept, summary, incarnation, say);
  } finally {
    await kept.close();
  }
  say('Not in an export: webhooks, files of images, and how far receivers of the event log have been told.');
  return true;
}

/**
 * Throws when old days had been dropped before the export. An archive that began with a log that was cut already is whole, wherever it
 * begins: its first events are those of the remnant, and nothing was ever before them.
 */
function assertWhole(file: string, { first, anchor }: ExportHeader): void {
  if (anchor === NOTHING_BEFORE.toString('hex')) return;
  throw new Error(
    `Cannot import ${file}: it begins at sequence ${first}, because the archive had dropped its first days (MUSTER_ARCHIVE_RETENTION). ` +
      'Nodes, templates and VMs of which only those told would be missing, and everything about them would be lost. Nothing was imported. ' +
      'Import an export from before those days were dropped, or put back a backup of the folder of NATS, which has all that lives in EVENTS and EVENTS_REMNANT',
  );
}

async function fill(natsUrl: string, file: string, commandSequence: number, say: Say): Promise<string> {
  const link = await NatsLink.connect({ url: natsUrl, name: 'muster-import' });
  try {
    const restore = await JetStreamLogRestore.begin(link);
    const progress = new Progress('Importing', say);
    await readExport(linesOf(file), async ({ sequence, body }) => {
      await restore.append({ ...archived({ sequence, raw: body }), text: body });
      progress.note();
    });
    await restore.end(commandSequence);
    return await new JetStreamEventLog(link).incarnation();
  } finally {
    await link.close();
  }
}

async function tellArchive(kept: KeptArchive, summary: ExportSummary, incarnation: string, say: Say): Promise<void> {
  if (kept.isEmpty) return say('The archive is empty and fills itself from EVENTS.');
  await kept.belongsTo(incarnation);
  say(
    `The archive is that of log ${summary.header.incarnation}; it goes on with the new one. Make the views anew: npm run rebuild`,
  );
}

/** Only a line feed ends a line: bodies may hold what else is taken for an end of line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = piece.split('\n');
    lines[0] = begun + (lines[0] ?? '');
    begun = lines.pop() ?? '';
    yield* lines;
  }
  if (begun !== '') yield begun;
}
