import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OwnServices } from '../launch/own-services.js';
import { exportEvents } from './export-events.js';
import { natsUsersFor } from './nats-users.js';
import { importEvents } from './import-events.js';
import { verifyEvents } from './verify-events.js';
import { withServices } from './with-services.js';

const USAGE = `Usage: npm run muster -- events verify [--without-log]   is the archive what was written to it, and what EVENTS holds?
       npm run muster -- events export <file>            writes all archived events to a file, checked
       npm run muster -- events import <file>            fills the streams of an installation that is new
       npm run muster -- nats-users [<node id> …]        users and permissions for a NATS server of one's own, printed
For events of an installation that does not run, its own NATS and Postgres are started for as long as that takes.`;
const WRONG_USE = 2;

/** `npm run muster -- events …`: what operators do with the events of an installation. */
async function run(words: readonly string[], withoutLog: boolean): Promise<boolean> {
  const [noun, verb, file, ...more] = words;
  if (noun === 'nats-users') {
    console.log(natsUsersFor(words.slice(1)));
    return true;
  }
  const wantsFile = verb !== 'verify';
  if (noun !== 'events' || (file !== undefined) !== wantsFile || more.length > 0) throw new WrongUse();
  const root = join(import.meta.dirname, '../../..');
  const say = (line: string) => console.log(line);
  const work = {
    verify: (services: OwnServices) => verifyEvents(services, { withoutLog, say }),
    export: (services: OwnServices) => exportEvents(services, resolve(file ?? ''), say),
    import: (services: OwnServices) => importEvents(services, resolve(file ?? ''), say),
  }[verb ?? ''];
  if (work === undefined) throw new WrongUse();
  return withServices(process.env, root, work);
}

class WrongUse extends Error {}

try {
  const { values, positionals } = parseArgs({
    options: { 'without-log': { type: 'boolean' } },
    allowPositionals: true,
  });
  process.exitCode = (await run(positionals, values['without-log'] === true)) ? 0 : 1;
} catch (cause) {
  const isUse = cause instanceof WrongUse || (cause as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  console.error(isUse ? USAGE : (cause as Error).message);
  process.exitCode = isUse ? WRONG_USE : 1;
}
