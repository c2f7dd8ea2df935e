import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decide, emptyCluster, evolve, type RecordedEvent } from '#domain';
import { canonicalJson } from '../../../domain/src/testing/index.js';
import { COMMANDS, EVENTS } from '../catalogue.js';
import { checkCommand } from '../check-command.js';
import { type CloudEvent, decodeCommand, decodeEvent, encodeCommand, encodeEvent } from '../cloud-event.js';
import { type CommandEnvelope, recordedCommand } from '../envelope.js';
import { type CommandLine, record, tell } from './story.contract.js';

/**
 * What earlier builds wrote, one folder per release that changed it. These files are never edited: a new folder comes beside them,
 * with `GOLDEN_RECORD=<release> npm run jest -- --selectProjects unit --testPathPatterns golden`.
 */
const FOLDER = dirname(fileURLToPath(import.meta.url));
if (process.env.GOLDEN_RECORD !== undefined) record(join(FOLDER, process.env.GOLDEN_RECORD));

const releases = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'samples')
  .map((entry) => entry.name)
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const newest = releases.at(-1) ?? 'none';

const text = (release: string, file: string) => readFileSync(join(FOLDER, release, file), 'utf8');
const lines = <T>(release: string, file: string): T[] =>
  text(release, file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

function eventsOf(release: string): RecordedEvent[] {
  return lines<CloudEvent>(release, 'events.jsonl').map((event, index) => {
    const recorded = decodeEvent(event, index + 1);
    if (recorded === undefined) throw new Error(`${release}: ${event.type} is not known any more`);
    return recorded;
  });
}

function commandsOf(release: string): (CommandLine & { envelope: CommandEnvelope })[] {
  return lines<CommandLine>(release, 'commands.jsonl').map((line) => ({
    ...line,
    envelope: decodeCommand(line.command as CloudEvent),
  }));
}

describe.each(releases)('the history that release %s wrote', (release) => {
  it('folds into the cluster that it was then', () => {
    const cluster = emptyCluster();
    eventsOf(release).forEach((event) => evolve(cluster, event));
    // Later builds know more of each thing, and what was known must still be true.
    expect(canonicalJson(cluster)).toMatchObject(JSON.parse(text(release, 'cluster.json')) as object);
  });

  it('holds commands that are readable still, but for those that never were', () => {
    const failed = new Set(
      eventsOf(release).flatMap((e) => (e.event.type === 'CommandFailed' ? [e.cause.sequence] : [])),
    );
    for (const { sequence, envelope } of commandsOf(release))
      expect([sequence, checkCommand(envelope.command) !== undefined]).toEqual([sequence, failed.has(sequence)]);
  });
});

describe('the newest of these histories', () => {
  it('has every command and every event that there is', () => {
    const events = new Set(eventsOf(newest).map(({ event }) => event.type));
    expect([...events].sort()).toEqual(Object.keys(EVENTS).sort());
    const commands = new Set(commandsOf(newest).map(({ envelope }) => envelope.command.type));
    expect([...commands].sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it('comes out of its commands again, event for event, if this build decides them', () => {
    const events = eventsOf(newest);
    const cluster = emptyCluster();
    for (const { sequence, time, envelope } of commandsOf(newest)) {
      const then = events.filter(({ cause }) => cause.sequence === sequence);
      if (then[0]?.event.type === 'CommandFailed') then.forEach((event) => evolve(cluster, event));
      else {
        const received = { sequence, time, subject: '', content: { ok: true as const, envelope } };
        const now = decide(cluster, recordedCommand(received, envelope)).events;
        expect(now.map(encodeEvent)).toEqual(then.map(encodeEvent));
      }
    }
  });

  it('is written today as it was then, byte for byte', () => {
    const events = eventsOf(newest).map((event) => JSON.stringify(encodeEvent(event)));
    expect(events).toEqual(text(newest, 'events.jsonl').trim().split('\n'));
    for (const { command, envelope } of commandsOf(newest))
      expect(JSON.stringify(encodeCommand(envelope))).toBe(JSON.stringify(command));
  });

  it('is the story as it is told today', () => {
    const { commands, cluster } = tell();
    expect(JSON.parse(JSON.stringify(commands))).toEqual(lines(newest, 'commands.jsonl'));
    expect(canonicalJson(cluster)).toEqual(JSON.parse(text(newest, 'cluster.json')));
  });
});
