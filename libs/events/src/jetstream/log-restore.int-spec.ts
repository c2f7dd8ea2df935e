import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedNats, startEmbeddedNats } from '../../../../tools/services/index.js';
import { COMMANDS_STREAM, EVENTS_STREAM } from '../subjects.js';
import { ensureStreams, JetStreamEventLog, JetStreamLogKeeper, JetStreamLogRestore, NatsLink } from './index.js';

let dir: string;
let nats: EmbeddedNats;
let link: NatsLink;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'muster-restore-'));
  nats = await startEmbeddedNats({ dir });
  link = await NatsLink.connect({ url: nats.url, name: 'test' });
});
afterEach(async () => {
  await link.close();
  await nats.stop();
  rmSync(dir, { recursive: true, force: true });
});

const event = { noun: 'vm', subjectId: 'vm.1', type: 'VMStarted' };

describe('the restore of a log', () => {
  test('leaves the sequences free that the old log did not have, and closes the log to changes', async () => {
    const restore = await JetStreamLogRestore.begin(link);
    await restore.append({ ...event, sequence: 3, text: 'three' });
    await restore.append({ ...event, sequence: 5, text: 'five' });
    await restore.end(41);
    const log = new JetStreamEventLog(link);
    const found: [number, string][] = [];
    for await (const { sequence, raw } of log.follow(1)) {
      found.push([sequence, raw]);
      if (sequence === 5) break;
    }
    expect(found).toEqual([
      [3, 'three'],
      [5, 'five'],
    ]);
    const stream = async (name: string) =>
      (await link.nc.request(`$JS.API.STREAM.INFO.${name}`)).json<{ config: object; state: object }>();
    expect((await stream(EVENTS_STREAM)).config).toMatchObject({ deny_delete: true, deny_purge: true });
    expect((await stream(COMMANDS_STREAM)).state).toMatchObject({ last_seq: 41 });
  });

  test('refuses where something is left of a log that was cut, and leaves everything as it is', async () => {
    await ensureStreams(link);
    const left = { name: 'left', events: 0, digest: '', incarnation: 'of another', through: 9 };
    await new JetStreamLogKeeper(link).replaceRemnant(left, 0);
    const before = await new JetStreamEventLog(link).incarnation();
    const refusal = 'stream EVENTS_REMNANT holds 1 messages of a log that was cut and must be empty';
    await expect(JetStreamLogRestore.begin(link)).rejects.toThrow(refusal);
    expect(await new JetStreamEventLog(link).incarnation()).toBe(before);
  });
});
