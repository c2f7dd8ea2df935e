import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Fleet } from '../../support/fleet.js';
import { decryptedChallenge } from '../../support/tap-login.js';
import { BareServer } from './bare-server.js';
import { CpuMeter } from './cpu.js';
import { type Figure, quantile } from './figures.js';
import { RawHttp } from './raw-http.js';

const KEY_ID = 'bench';
/** So few that the client has read all challenges long before they expire, after three minutes. */
const PAIRS = Number(process.env['BENCH_TAP_PAIRS'] ?? 4_000);
const WARM_UP = 400;
const CLIENTS = 32;
const KEY_SHOWN_MS = 1_000;

interface Round {
  readonly seconds: number;
  readonly cpuS: number;
  readonly latenciesMs: readonly number[];
}

/** Logs in so often, in two halves: what the client does in between, decrypting, is no work of the server and counts nowhere. */
async function logIns(
  pid: number,
  pairs: number,
  hand: () => Promise<string>,
  solve: (challenge: string) => string,
  shake: (secret: string) => Promise<unknown>,
): Promise<Round> {
  const cpu = new CpuMeter({ it: pid });
  const latenciesMs: number[] = [];
  const challenges: string[] = [];
  const handsS = await timed(pairs, latenciesMs, async () => void challenges.push(await hand()));
  const secrets = challenges.map(solve);
  const shakesS = await timed(pairs, latenciesMs, async () => void (await shake(secrets.pop() ?? '')));
  return { seconds: handsS + shakesS, cpuS: (cpu.read().get('it') ?? Number.NaN) / 1000, latenciesMs };
}

/** So many, a few at once; seconds. */
async function timed(times: number, latenciesMs: number[], ask: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  let left = times;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (left-- > 0) {
      const since = performance.now();
      await ask();
      latenciesMs.push(performance.now() - since);
    }
  });
  await Promise.all(clients);
  return (performance.now() - begin) / 1000;
}

async function post(http: RawHttp, path: string, body: object): Promise<string> {
  const answer = await http.ask('POST', path, JSON.stringify(body));
  if (answer.status !== 200) throw new Error(`POST ${path} answered ${answer.status}: ${answer.body}`);
  return answer.body;
}

/** Log-ins by API key: challenge and session, over HTTP, against the same RSA encryption behind a bare server. */
export async function tap(): Promise<Figure[]> {
  const root = 'the root token of a bench';
  const auth = { ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: root, ANKA_ENABLE_API_KEYS: 'true' };
  const env = { ...auth, MUSTER_LOG_LEVEL: 'warn' };
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const fleet = await Fleet.start({ driver: 'simulated', nodes: 1, bootMs: 20, env });
  const server = await BareServer.start('bare-rsa', { BENCH_PUBLIC_KEY: spki });
  try {
    const key = { id: KEY_ID, ttl: 3600, groups: ['ci'], publicKey: spki };
    const { envelope } = await fleet.anka.ask('POST', '/api/v1/apikey', key);
    if (envelope.status !== 'OK') throw new Error(`The key cannot be made: ${envelope.message}`);
    await pause(KEY_SHOWN_MS);
    const ours = await RawHttp.connect(fleet.apiUrl, CLIENTS);
    const bare = await RawHttp.connect(server.url, CLIENTS);
    const mine = (pairs: number): Promise<Round> =>
      logIns(
        fleet.member('api').pid,
        pairs,
        () => post(ours, '/tap/v1/hand', { id: KEY_ID }),
        (challenge) => decryptedChallenge(challenge, privateKey),
        (secret) => post(ours, '/tap/v1/shake', { id: KEY_ID, secret }),
      );
    const theirs = (pairs: number): Promise<Round> =>
      logIns(
        server.pid,
        pairs,
        () => post(bare, '/hand', { id: KEY_ID }),
        (challenge) => challenge,
        (secret) => post(bare, '/shake', { id: KEY_ID, secret }),
      );
    await mine(WARM_UP);
    await theirs(WARM_UP);
    const figures = figuresOf(await mine(PAIRS), await theirs(PAIRS));
    ours.close();
    bare.close();
    return figures;
  } catch (cause) {
    console.error(fleet.logTails());
    throw cause;
  } finally {
    await server.stop();
    await fleet.close();
  }
}

function figuresOf(mine: Round, theirs: Round): Figure[] {
  const what = `log-ins by API key, hand and shake, ${CLIENTS} clients`;
  const reference = (value: number) => ({ what: 'bare Fastify, same RSA:', value });
  const [rate, bareRate] = [PAIRS / mine.seconds, PAIRS / theirs.seconds];
  const [perCore, barePerCore] = [PAIRS / mine.cpuS, PAIRS / theirs.cpuS];
  const [p99, bareP99] = [quantile(mine.latenciesMs, 0.99), quantile(theirs.latenciesMs, 0.99)];
  return [
    { what, value: rate, unit: '/s', reference: reference(bareRate), target: { atLeast: 200 } },
    { what: `${what}, per core of the API`, value: perCore, unit: '/s', reference: reference(barePerCore) },
    { what: `${what}, p99 of a request`, value: p99, unit: 'ms', reference: reference(bareP99) },
  ];
}
