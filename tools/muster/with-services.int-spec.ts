import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import { story } from '../../apps/api/src/archive/archive-store.contract.js';
import { chained, EMPTY_ARCHIVE } from '../../apps/api/src/archive/chain.js';
import { eventLine, headerLine, trailerLine } from '../../apps/api/src/archive/export-file.js';
import { importEvents } from './import-events.js';
import { withServices } from './with-services.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-own-'));
const env = { MUSTER_HOME: join(dir, 'home') };

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** An export of a small log. */
function exportFile(): { file: string; last: number } {
  const events = story();
  const { to } = chained(EMPTY_ARCHIVE, events, 'log-1');
  const anchor = EMPTY_ARCHIVE.hash.toString('hex');
  const lines = [
    headerLine({ incarnation: 'log-1', first: 1, last: to.sequence, anchor }),
    ...events.map(eventLine),
    trailerLine({ count: events.length, hash: to.hash.toString('hex') }),
  ];
  const file = join(dir, 'events.jsonl');
  writeFileSync(file, lines.join('\n'));
  return { file, last: to.sequence };
}

describe('an installation that does not run', () => {
  test('lends its servers to an import, keeps what was imported, and can be started afterwards', async () => {
    const { file, last } = exportFile();
    await withServices(env, dir, (services) => importEvents(services, file, () => undefined));
    const lastSequence = await withServices(env, dir, async ({ MUSTER_NATS_URL: url }) => {
      const link = await NatsLink.connect({ url, name: 'test' });
      const found = await new JetStreamEventLog(link).lastSequence();
      await link.close();
      return found;
    });
    expect(lastSequence).toBe(last);
    expect(existsSync(join(env.MUSTER_HOME, 'launcher.lock'))).toBe(false);
  }, 120_000);
});
