import { promises as dns } from 'node:dns';
import { readFileSync } from 'node:fs';

/** All addresses that a name stands for at this moment. Throws when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** For one question to one server; asked twice. */
const ANSWER_LIMIT_MS = 2_000;
const TRIES = 2;
const HOSTS_FILE = '/etc/hosts';

/**
 * Asks the hosts file, then DNS. The system's own `getaddrinfo` is not used: it has four threads for the whole process, and a few names
 * whose servers do not answer would hold all of them. So search domains do not count; names must be whole.
 */
export function systemResolve(servers?: readonly string[], hostsFile = HOSTS_FILE): Resolve {
  const resolver = new dns.Resolver({ timeout: ANSWER_LIMIT_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    const here = inHosts(hostsFile, name);
    if (here.length > 0) return here;
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const why = answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : 'nothing'));
    throw new Error(`the name has no address (${[...new Set(why)].join(', ')})`);
  };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function inHosts(file: string, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  return readLines(file)
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.some((one) => one.toLowerCase() === wanted))
    .flatMap(([address]) => (address === undefined ? [] : [address]));
}

/** Read each time: it is small, in the page cache, and asked once per connection. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
