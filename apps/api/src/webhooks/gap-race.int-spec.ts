import { encodeEvent, systemClock } from '#events';
import { samples } from '../../../../libs/domain/src/testing/index.js';
import { History } from '../../../../libs/domain/src/testing/history.js';
import { randomFrom } from '../../../../test/support/fleet-history.js';
import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { PostgresArchiveReader } from '../archive/archive-reader.postgres.js';
import { PostgresArchiveStore } from '../archive/archive-store.postgres.js';
import { archived, type ArchivedEvent } from '../archive/archived-event.js';
import { chained } from '../archive/chain.js';
import type { EndpointSettings } from './endpoint.js';
import { WebhookOutbox } from './outbox.postgres.js';
import { refill } from './refill.js';
import { PostgresWebhookStore } from './webhook-store.postgres.js';

const BATCHES = 150;
const MAX_BACKLOG = 20;
const postgres = postgresOfSpec();

beforeAll(() => postgres.makeAnew('archive', 'webhook'));

const { changeHook, disableHook, hook, push } = samples;
const SETTINGS: EndpointSettings = {
  ...{ name: 'w', url: 'https://w.example/', types: ['template.*'], subjects: [] },
  format: 'standard-webhooks',
  ...{ headers: {}, secrets: [], ordered: true, batchSize: 1, concurrency: 1, ratePerS: null },
};

/** Batches of events; now and then the webhook fails, and is enabled again. */
class Log {
  private readonly history = new History();
  private readonly random = randomFrom(5);
  private enabled = true;
  /** What the webhook is to get. */
  readonly wanted: number[] = [];

  batch(): ArchivedEvent[] {
    const commands = Array.from({ length: 1 + Math.floor(this.random() * 6) }, () => push(`t${this.random()}`));
    const switching = this.random() < 0.15;
    if (switching) this.enabled = !this.enabled;
    const switched = this.enabled ? changeHook('w', { enabled: true }) : disableHook('w', 'fails');
    const at = Math.floor(this.random() * (commands.length + 1));
    return [...commands.slice(0, at), ...(switching ? [switched] : []), ...commands.slice(at)].flatMap((command) =>
      this.say(command),
    );
  }

  say(command: Parameters<History['say']>[0]): ArchivedEvent[] {
    const { events } = this.history.say(command);
    const found = events.map((event) =>
      archived({ sequence: event.sequence, raw: JSON.stringify(encodeEvent(event)) }),
    );
    this.wanted.push(...found.filter(({ noun }) => noun === 'template').map(({ sequence }) => sequence));
    return found;
  }
}

test('A webhook that fails and comes back while events pour in gets each of them once and in order', async () => {
  const store = new PostgresWebhookStore(postgres.pool, MAX_BACKLOG);
  const reader = new PostgresArchiveReader(postgres.pool);
  const archive = new PostgresArchiveStore(postgres.pool, [new WebhookOutbox(MAX_BACKLOG)]);
  const log = new Log();
  const add = async (events: readonly ArchivedEvent[]): Promise<unknown> =>
    archive.append(chained(await archive.head(), events, 'log-1'));
  await store.prepare('w', SETTINGS);
  await add(log.say(hook('w')));

  const taken: number[] = [];
  const take = async (): Promise<void> => {
    const { rows } = await postgres.query<{ sequence: string }>(`DELETE FROM webhook.delivery WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM webhook.delivery WHERE endpoint_id = 'w' ORDER BY sequence LIMIT 7)) RETURNING sequence`);
    taken.push(...rows.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b));
  };
  let isOver = false;
  const again = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isOver) await work().then(() => systemClock.sleep(3));
  };
  const replicas = [1, 2].map(() => again(() => refill(store, reader)));
  const receiver = again(take);
  for (let n = 0; n < BATCHES; n++) await add(log.batch());
  await add(log.say(changeHook('w', { enabled: true, changed: ['enabled'] })));
  for (let n = 0; n < 1000 && taken.length < log.wanted.length; n++) await systemClock.sleep(20);
  isOver = true;
  await Promise.all([...replicas, receiver]);
  expect(log.wanted.length).toBeGreaterThan(BATCHES);
  expect(taken).toEqual(log.wanted);
  expect(await store.gaps()).toEqual([]);
}, 120_000);
