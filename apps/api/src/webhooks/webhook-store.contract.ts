import type { Command } from '#domain';
import { encodeEvent } from '#events';
import { samples } from '../../../../libs/domain/src/testing/index.js';
import { History } from '../../../../libs/domain/src/testing/history.js';
import type { ArchiveReader } from '../archive/archive-reader.js';
import { archived, type ArchivedEvent } from '../archive/archived-event.js';
import type { EndpointSettings } from './endpoint.js';
import { refill } from './refill.js';
import type { WebhookStore } from './webhook-store.js';

export interface WebhooksUnderTest {
  readonly store: WebhookStore;
  readonly archive: ArchiveReader;
  /** Archives the events, and queues what matches; `fails`: all of it is undone at the end. */
  add(events: readonly ArchivedEvent[], fails?: boolean): Promise<void>;
  /** The archiver's seat goes to another process. */
  otherArchiver(): void;
  /** As whoever delivers would. */
  giveUp(endpointId: string, sequence: number): Promise<void>;
  /** The same, after three attempts, until tomorrow. */
  postpone(endpointId: string, sequence: number): Promise<void>;
  /** The archive is empty again, and an archiver begins anew. */
  loseArchive(): Promise<void>;
}

/** Small, so that it is soon used up. */
export const TEST_BACKLOG = 5;

const SETTINGS: EndpointSettings = {
  name: 'CI',
  url: 'https://ci.example/',
  format: 'standard-webhooks',
  types: [],
  subjects: [],
  headers: { 'x-a': 'b' },
  secrets: [{ secret: 'whsec_AAAA', expiresAt: 17 }],
  ordered: true,
  batchSize: 3,
  concurrency: 2,
  ratePerS: 0.5,
};

const { changeHook, deleteHook, disableHook, hook, push } = samples;

/** Commands and what they lead to, as it is archived. */
class Story {
  private readonly history = new History();

  say(command: Command, id?: string): readonly ArchivedEvent[] {
    const { events } = this.history.say(command, id === undefined ? {} : { id });
    return events.map((event) => archived({ sequence: event.sequence, raw: JSON.stringify(encodeEvent(event)) }));
  }

  /** So many events that are about templates. */
  pushes(count: number): readonly ArchivedEvent[] {
    return Array.from({ length: count }, (_, n) => this.say(push(`t${this.history.events.length}-${n}`))).flat();
  }
}

/** What every form of the store answers, and what the outbox makes of it. `open` gives an empty one. */
export function webhookStoreContract(open: () => Promise<WebhooksUnderTest>): void {
  let under: WebhooksUnderTest;
  let store: WebhookStore;
  let story: Story;
  beforeEach(async () => {
    under = await open();
    ({ store } = under);
    story = new Story();
  });

  const make = async (id: string, settings: Partial<EndpointSettings> = {}): Promise<void> => {
    await store.prepare(id, { ...SETTINGS, ...settings });
    await under.add(story.say(hook(id)));
  };
  const queued = async (endpointId: string): Promise<number[]> =>
    (await store.outstanding({ endpointId, limit: 100 })).map(({ sequence }) => sequence);

  test('knows a webhook from its event on, and no longer than its event', async () => {
    await store.prepare('w', SETTINGS);
    await store.prepare('w', { ...SETTINGS, name: 'another' });
    await store.prepare('x', SETTINGS);
    expect([await store.get('w'), await store.list(0, 10)]).toEqual([undefined, []]);
    await under.add([...story.say(hook('y')), ...story.say(hook('w'))]);
    await store.abandon('w');
    await store.abandon('x');
    expect(await store.get('w')).toMatchObject({ ...SETTINGS, state: 'enabled', version: 2, createdSequence: 2 });
    expect((await store.list(0, 10)).map(({ id }) => id)).toEqual(['w']);
    expect(await store.list(2, 10)).toEqual([]);
    await under.add([...story.say(hook('x')), ...story.say(deleteHook('w'))]);
    expect(await store.list(0, 10)).toEqual([]);
  });

  test('changes a webhook with the event of the command that was to change it', async () => {
    await make('w');
    await store.stage('x-1', 'w', { url: 'https://one.example/', types: ['vm.*'] });
    await store.stage('x-1', 'w', { url: 'https://again.example/' });
    await store.stage('x-2', 'w', { url: 'https://two.example/' });
    await store.unstage('x-2');
    expect(await store.get('w')).toMatchObject({ url: SETTINGS.url });
    await under.add(story.say(changeHook('w', { changed: ['url'] }), 'x-2'));
    expect(await store.get('w')).toMatchObject({ url: SETTINGS.url, version: 2 });
    await under.add(story.say(changeHook('w', { changed: ['url', 'types'] }), 'x-1'));
    const { types, url, version, ratePerS, headers } = (await store.get('w')) ?? fail();
    expect({ types, url, version }).toEqual({ types: ['vm.*'], url: 'https://one.example/', version: 3 });
    expect({ ratePerS, headers }).toEqual({ ratePerS: 0.5, headers: { 'x-a': 'b' } });
  });

  test('queues what matches exactly once, however often a batch fails and whoever archives', async () => {
    await make('w', { types: ['PushTemplate'] });
    await make('nodes', { types: ['node.*'] });
    const [one, two] = [story.pushes(2), story.pushes(2)];
    await expect(under.add(one, true)).rejects.toThrow();
    expect(await queued('w')).toEqual([]);
    await under.add(one);
    under.otherArchiver();
    await under.add(two);
    expect([await queued('w'), await queued('nodes')]).toEqual([[3, 4, 5, 6], []]);
    const [first] = await store.outstanding({ endpointId: 'w', limit: 1 });
    expect(first).toMatchObject({ eventId: one[0]?.id, type: 'PushTemplate', state: 'due', attempts: 0 });
  });

  test('forgets with a failed batch what that told of webhooks', async () => {
    await make('w');
    const gone = story.say(deleteHook('w'));
    await expect(under.add(gone, true)).rejects.toThrow();
    expect(await store.get('w')).toMatchObject({ state: 'enabled' });
    await under.add(gone);
    expect(await store.get('w')).toBeUndefined();
  });

  test('closes the gap of a webhook that had failed from the archive, and then goes on', async () => {
    await make('w', { types: ['template.*'] });
    await under.add(story.say(disableHook('w', 'gone')));
    expect(await store.get('w')).toMatchObject({ disabledBy: 'delivery', disabledReason: 'gone', missedFrom: 2 });
    await under.add(story.pushes(2));
    expect([await queued('w'), await store.gaps()]).toEqual([[], []]);
    expect(await store.totals()).toMatchObject({ enabled: 0, disabled: 1, gaps: 1 });
    await under.add(story.say(changeHook('w', { enabled: true })));
    await under.add(story.pushes(1));
    expect([await queued('w'), await store.gaps()]).toEqual([[], ['w']]);
    expect(await refill(store, under.archive)).toEqual(['w']);
    await under.add(story.pushes(1));
    expect([await queued('w'), await store.gaps()]).toEqual([[3, 4, 7, 8], []]);
    expect(await store.get('w')).not.toHaveProperty('missedFrom');
  });

  test('queues no more than there is room for, and the rest when there is', async () => {
    await make('w', { types: ['template.*'] });
    await under.add(story.pushes(TEST_BACKLOG + 3));
    expect((await queued('w')).length).toBe(TEST_BACKLOG);
    expect(await store.get('w')).toMatchObject({ missedFrom: TEST_BACKLOG + 2 });
    expect([await refill(store, under.archive), await store.gaps()]).toEqual([[], ['w']]);
    for (const sequence of [2, 3]) await under.giveUp('w', sequence);
    expect(await store.dropDead('w')).toBe(2);
    expect(await refill(store, under.archive)).toEqual(['w']);
    expect(await queued('w')).toEqual([4, 5, 6, 7, 8]);
    await under.giveUp('w', 4);
    await store.dropDead('w', [4]);
    await refill(store, under.archive);
    await under.add(story.pushes(1));
    expect([await queued('w'), await store.gaps()]).toEqual([[5, 6, 7, 8, 9], ['w']]);
  });

  test('queues nothing once more when the archive is made again', async () => {
    await make('w', { types: ['template.*'] });
    const events = story.pushes(2);
    await under.add(events);
    for (const sequence of [2, 3]) await under.giveUp('w', sequence);
    await store.dropDead('w');
    await under.loseArchive();
    const again = story.pushes(1);
    await under.add(events);
    await under.add(again);
    expect(await queued('w')).toEqual([4]);
  });

  test('begins anew with what had failed when a webhook is enabled again', async () => {
    await make('w', { types: ['template.*'] });
    await under.add(story.pushes(1));
    await under.postpone('w', 2);
    await under.add(story.say(disableHook('w', 'gone')));
    const before = await store.outstanding({ endpointId: 'w', limit: 1 });
    await under.add(story.say(changeHook('w', { enabled: true })));
    const [after] = await store.outstanding({ endpointId: 'w', limit: 1 });
    expect([before[0]?.attempts, after?.attempts]).toEqual([3, 0]);
    expect(after?.dueAt).toBeLessThan(before[0]?.dueAt ?? 0);
  });

  test('tells what waits, tries again what was given up, and drops it', async () => {
    await make('w', { types: ['template.*'] });
    const events = story.pushes(3);
    await under.add(events);
    await under.giveUp('w', 2);
    await under.giveUp('w', 3);
    expect(await store.waiting('w')).toEqual({ due: 1, dead: 2, oldestAt: expect.any(Number) });
    expect(await store.totals()).toEqual({ due: 1, dead: 2, enabled: 1, disabled: 0, gaps: 0 });
    expect(await store.waiting('x')).toEqual({ due: 0, dead: 0 });
    const dead = await store.outstanding({ endpointId: 'w', state: 'dead', after: 2, limit: 9 });
    expect(dead.map(({ sequence }) => sequence)).toEqual([3]);
    expect([await store.reviveDead('w', [3, 4]), await store.dropDead('w'), await queued('w')]).toEqual([1, 1, [3, 4]]);
    await store.requeue('w', events);
    await store.requeue('w', []);
    expect([await queued('w'), (await store.waiting('w')).due]).toEqual([[2, 3, 4], 3]);
  });

  test('keeps the log of attempts, newest first', async () => {
    const attempt = { endpointId: 'w', eventId: 'e', type: 'ping', attempt: 1, request: 'POST', response: 'a\u0000b' };
    await store.noteAttempt({ ...attempt, at: 1000, sequence: 0, outcome: 'failed', latencyMs: 7, error: 'no' });
    await store.noteAttempt({ ...attempt, at: 2000, sequence: 4, outcome: 'delivered', latencyMs: 9, status: 200 });
    const [second, first] = await store.attempts({ endpointId: 'w', limit: 9 });
    expect(first).toMatchObject({ at: 1000, sequence: 0, outcome: 'failed', latencyMs: 7, error: 'no' });
    expect(first).not.toHaveProperty('status');
    expect(second).toMatchObject({ at: 2000, status: 200, type: 'ping' });
    const found = async (query: object): Promise<number[]> =>
      (await store.attempts({ endpointId: 'w', limit: 9, ...query })).map(({ sequence }) => sequence);
    expect(await found({ before: second?.number })).toEqual([0]);
    expect(await found({ outcome: 'delivered' })).toEqual([4]);
    expect(await found({ sequence: 0, type: 'ping' })).toEqual([0]);
    expect(await found({ since: 1000, until: 2000 })).toEqual([0]);
    expect(await found({ type: 'VMStarted' })).toEqual([]);
    expect(await store.attempts({ endpointId: 'x', limit: 9 })).toEqual([]);
  });
}
