import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { rowsOf } from '../support/database.js';
import type { Fleet } from '../support/fleet.js';

/** A place where a secret may have ended, and all that is in it. */
export interface Haystack {
  readonly place: string;
  readonly text: string;
}

/** Everything that Muster has written or shows, as far as somebody may read it who must not know its secrets. */
export async function haystacksOf(fleet: Fleet): Promise<readonly Haystack[]> {
  return [
    ...filesBelow(fleet.home.logDir),
    ...(await streamsOf(fleet)),
    ...(await tablesOf(fleet)),
    ...(await metricsOf(fleet)),
    ...commandLines(),
  ];
}

/** All files of a folder and the folders in it. */
export function filesBelow(dir: string): readonly Haystack[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ place: `file ${relative(dir, path)}`, text: readFileSync(path, 'utf8') }));
}

/** Subjects, headers and payloads of every stream, those of the key-value buckets included. */
async function streamsOf(fleet: Fleet): Promise<Haystack[]> {
  const connection = await fleet.nats();
  const manager = await jetstreamManager(connection);
  const found: Haystack[] = [];
  for await (const { config, state } of manager.streams.list()) {
    const lines: string[] = [];
    if (state.messages > 0) {
      const messages = await (await jetstream(connection).consumers.get(config.name)).consume();
      for await (const message of messages) {
        const headers = [...(message.headers ?? [])].map(([name, values]) => `${name}: ${values.join()}`);
        lines.push(message.subject, ...headers, message.string());
        if (message.seq >= state.last_seq) break;
      }
      await messages.close();
    }
    found.push({ place: `stream ${config.name}`, text: lines.join('\n') });
  }
  return found;
}

async function tablesOf(fleet: Fleet): Promise<Haystack[]> {
  const tables = await rowsOf<{ name: string }>(
    fleet,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'`,
  );
  return Promise.all(
    tables.map(async ({ name }) => {
      const rows = await rowsOf<{ text: string }>(fleet, `SELECT t::text AS text FROM ${name} t`);
      return { place: `table ${name}`, text: rows.map(({ text }) => text).join('\n') };
    }),
  );
}

async function metricsOf(fleet: Fleet): Promise<Haystack[]> {
  const urls = {
    api: fleet.apiUrl,
    scheduler: fleet.healthUrl('scheduler'),
    'node-agent': fleet.healthUrl('node-agent'),
  };
  return Promise.all(
    Object.entries(urls).map(async ([name, url]) => ({
      place: `metrics of ${name}`,
      text: await (await fetch(`${url}/metrics`, { headers: fleet.anka.headers })).text(),
    })),
  );
}

/** Of every process on this machine, ours or not: anybody may read them. */
function commandLines(): Haystack[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ place: `command line of ${pid}`, text: commandLineOf(pid) }));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
