import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#events';
import { JetStreamEventLog } from '#events/jetstream';
import { PostgresArchiveStore } from '../../apps/api/src/archive/archive-store.postgres.js';
import { Archiver } from '../../apps/api/src/archive/archiver.js';
import { postgresOfSpec } from '../../apps/api/src/testing/postgres-of-spec.contract.js';
import { FleetHistory } from '../../test/support/fleet-history.js';
import { natsOfSpec } from '../../test/support/nats-of-spec.contract.js';
import { exportEvents } from './export-events.js';
import { verifyEvents } from './verify-events.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-export-'));
const history = new FleetHistory({ seed: 3, nodes: 2 });
const nats = natsOfSpec();
const postgres = postgresOfSpec();
let last = 0;

beforeAll(async () => {
  const appender = new JetStreamEventLog(nats.link).appender(0);
  await appender.append(history.found());
  for (let tick = 0; tick < 50; tick++) await appender.append(history.tick());
  last = history.cluster.sequence;
  await postgres.make('archive');
  await archive();
}, 60_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Archives all that there is. */
async function archive(): Promise<void> {
  const store = new PostgresArchiveStore(postgres.pool);
  const done = new AbortController();
  const log = new JetStreamEventLog(nats.link);
  const onCommit = ({ sequence }: { sequence: number }) => void (sequence >= last && done.abort());
  await new Archiver({ log, store, clock: systemClock }, onCommit).run(done.signal);
}

const services = (natsUrl = nats.url) => ({ MUSTER_NATS_URL: natsUrl, MUSTER_DATABASE_URL: postgres.url });

async function verify(withoutLog = false): Promise<{ isRight: boolean; said: string }> {
  const said: string[] = [];
  const isRight = await verifyEvents(services(), { withoutLog, say: (line) => void said.push(line) });
  return { isRight, said: said.join('\n') };
}

/** Does something to the archive, looks at it, and undoes it. */
async function damagedBy(text: string, withoutLog = true): Promise<{ isRight: boolean; said: string }> {
  await postgres.query(
    'CREATE TABLE saved AS SELECT * FROM archive.event; CREATE TABLE saved_head AS SELECT * FROM archive.head',
  );
  try {
    await postgres.query(text);
    return await verify(withoutLog);
  } finally {
    await postgres.query(`TRUNCATE archive.event, archive.head;
      INSERT INTO archive.event SELECT * FROM saved; INSERT INTO archive.head SELECT * FROM saved_head;
      DROP TABLE saved, saved_head`);
  }
}

describe('events verify', () => {
  test('finds an archive right that is, and the same as EVENTS', async () => {
    const { isRight, said } = await verify();
    expect(said).toContain(`${last} events from sequence 1 to ${last}`);
    expect(said).toContain('EVENTS, which begins at 1, has the same');
    expect(isRight).toBe(true);
  });

  test('goes on without NATS, and says so', async () => {
    const said: string[] = [];
    const order = { withoutLog: false, say: (line: string) => void said.push(line) };
    expect(await verifyEvents(services('nats://127.0.0.1:1'), order)).toBe(true);
    expect(said[0]).toContain('not compared with EVENTS');
  });

  const swapped = `UPDATE archive.event SET body = other.body, id = other.id, type = other.type, noun = other.noun,
    subject_id = other.subject_id, time = other.time, command_sequence = other.command_sequence,
    correlation_id = other.correlation_id, actor = other.actor, hash = other.hash
    FROM archive.event other WHERE archive.event.sequence + other.sequence = 25 AND archive.event.sequence IN (12, 13)`;
  test.each([
    [
      'a changed body',
      `UPDATE archive.event SET body = replace(body::text, 'amd64', 'arm64')::json WHERE sequence = 2`,
      2,
    ],
    ['a body with one space more', `UPDATE archive.event SET body = (body::text || ' ')::json WHERE sequence = 9`, 9],
    ['a changed column', `UPDATE archive.event SET actor = 'somebody' WHERE sequence = 7`, 7],
    ['a changed time', `UPDATE archive.event SET time = time + interval '1 ms' WHERE sequence = 7`, 7],
    ['a changed hash', `UPDATE archive.event SET hash = decode(repeat('ab', 32), 'hex') WHERE sequence = 8`, 8],
    ['a row that is gone', 'DELETE FROM archive.event WHERE sequence = 11', 11],
    ['a first row that is gone', 'DELETE FROM archive.event WHERE sequence = 1', 1],
    ['rows that were exchanged', swapped, 12],
    ['a tail that is gone', 'DELETE FROM archive.event WHERE sequence > 20', 21],
    ['a head that is behind', 'UPDATE archive.head SET sequence = 20', 21],
    ['a head of another hash', `UPDATE archive.head SET hash = decode(repeat('ab', 32), 'hex')`, 'last'],
    ['an event of another day', `UPDATE archive.event SET day = '2026-01-02' WHERE sequence = 5`, 5],
  ])('finds %s, and names its sequence', async (_what, text, sequence) => {
    await postgres.query(
      "CREATE TABLE IF NOT EXISTS archive.event_20260102 PARTITION OF archive.event FOR VALUES FROM ('2026-01-02') TO ('2026-01-03')",
    );
    const { isRight, said } = await damagedBy(text);
    expect(said).toContain(`damaged at sequence ${sequence === 'last' ? last : sequence}:`);
    expect(isRight).toBe(false);
  });

  test('finds an archive that is right in itself but is not what EVENTS holds', async () => {
    const appender = new JetStreamEventLog(nats.link).appender(last);
    await appender.append(history.tick());
    const before = last;
    last = history.cluster.sequence;
    const stranger = `UPDATE archive.head SET incarnation = 'another'`;
    expect((await damagedBy(stranger, false)).said).toContain('made from log another');
    expect((await verify()).isRight).toBe(true);
    await archive();
    expect(last).toBeGreaterThan(before);
    expect((await verify()).said).toContain(`to ${last}`);
  });
});

describe('events export', () => {
  test('writes the whole archive, and no file when it is damaged', async () => {
    const file = join(dir, 'events.jsonl');
    await exportEvents(services(), file, () => undefined);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(last + 2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ muster: 'events', first: 1, last });
    writeFileSync(file, 'older');
    await postgres.query(`UPDATE archive.event SET actor = 'somebody' WHERE sequence = 7`);
    await expect(exportEvents(services(), file, () => undefined)).rejects.toThrow('damaged at sequence 7');
    expect(readFileSync(file, 'utf8')).toBe('older');
    await postgres.query(`UPDATE archive.event SET actor = body->>'actor' WHERE sequence = 7`);
    expect((await verify()).isRight).toBe(true);
  });
});
