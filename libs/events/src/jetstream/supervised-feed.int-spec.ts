import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { collect, sampleEvent, sampleEvents, until } from '../contract/samples.contract.js';
import { EVENTS_STREAM } from '../subjects.js';
import type { LoggedEvent } from '../ports/event-log.js';
import { EventWriter } from '../wire/event-text.js';
import { ensureStreams, JetStreamEventLog, NatsLink } from './index.js';
import { makeJetStreamWorld } from './jetstream-world.contract.js';
import { FEED_WINDOW } from './pull-session.jetstream.js';

jest.setTimeout(60_000);

describe('a feed', () => {
  let world: Awaited<ReturnType<typeof makeJetStreamWorld>>;
  let writer: NatsLink;
  let reader: NatsLink;
  const warnings: string[] = [];
  beforeEach(async () => {
    world = await makeJetStreamWorld();
    warnings.length = 0;
    writer = await NatsLink.connect({ url: world.server.url, name: 'writer' });
    const onStatus = ({ message }: { message: string }): void => void warnings.push(message);
    reader = await NatsLink.connect({ url: world.server.url, name: 'reader', onStatus });
  });
  afterEach(async () => {
    await reader.close();
    await writer.close();
    await world.end();
  });

  const sequences = (items: readonly { readonly sequence: number }[]): number[] =>
    items.map(({ sequence }) => sequence);
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

  it('goes on without gap or repetition when its consumer is taken from under it, again and again', async () => {
    const manager = await jetstreamManager(writer.nc);
    const { items } = collect(new JetStreamEventLog(reader).follow(1));
    const appender = new JetStreamEventLog(writer).appender(0);
    for (let from = 1; from <= 4501; from += 500) {
      const appended = appender.append(sampleEvents(from, 500));
      for (const { name } of await manager.consumers.list(EVENTS_STREAM).next())
        await manager.consumers.delete(EVENTS_STREAM, name);
      await appended;
      await until(world, () => items.length === from + 499);
    }
    expect(sequences(items)).toEqual(upTo(5000));
    expect(warnings.some((message) => /goes on after \d+: the server says 409 Consumer Deleted/.test(message))).toBe(
      true,
    );
  });

  it('goes on when the server stood still for longer than its sign of life', async () => {
    const { items } = collect(new JetStreamEventLog(reader).follow(1));
    const log = new JetStreamEventLog(writer);
    await log.appender(0).append(sampleEvents(1, 10));
    await until(world, () => items.length === 10);
    process.kill(world.server.pid, 'SIGSTOP');
    await world.pass(3500);
    process.kill(world.server.pid, 'SIGCONT');
    await log.appender(10).append(sampleEvents(11, 10));
    await until(world, () => items.length === 20);
    expect(sequences(items)).toEqual(upTo(20));
    expect(warnings.join('\n')).toMatch(/the server is silent/);
  });

  it('breaks when the stream was deleted and made anew, instead of giving other events the same places', async () => {
    const { items, end } = collect(new JetStreamEventLog(reader).follow(1));
    const before = await new JetStreamEventLog(writer).incarnation();
    await new JetStreamEventLog(writer).appender(0).append(sampleEvents(1, 10));
    await until(world, () => items.length === 10);
    await (await jetstreamManager(writer.nc)).streams.delete(EVENTS_STREAM);
    await ensureStreams(writer, { leaseTtlMs: 1000 });
    await new JetStreamEventLog(writer).appender(0).append(sampleEvents(1, 20, 'other'));
    expect(await end).toMatchObject({ message: expect.stringMatching(/EVENTS: it was made anew/) });
    expect(items).toHaveLength(10);
    expect(await new JetStreamEventLog(writer).incarnation()).not.toBe(before);
  });

  it('waits for a stream that is not there yet', async () => {
    const manager = await jetstreamManager(writer.nc);
    await manager.streams.delete(EVENTS_STREAM);
    const { items } = collect(new JetStreamEventLog(reader).follow(1));
    await world.pass(300);
    await ensureStreams(writer, { leaseTtlMs: 1000 });
    await new JetStreamEventLog(writer).appender(0).append([sampleEvent(1)]);
    await until(world, () => items.length === 1);
  });

  it('asks for no more than its window while its reader does not read', async () => {
    const total = 3 * FEED_WINDOW;
    await new JetStreamEventLog(writer).appender(0).append(sampleEvents(1, total));
    const feed = new JetStreamEventLog(reader).follow(1)[Symbol.asyncIterator]();
    await feed.next();
    await world.pass(700);
    const waiting = reader.nc.stats().inMsgs;
    expect(waiting).toBeGreaterThan(FEED_WINDOW / 2);
    expect(waiting).toBeLessThan(FEED_WINDOW + 50);
    for (let sequence = 2; sequence <= total; sequence++) {
      const item: IteratorResult<LoggedEvent, unknown> = await feed.next();
      expect(item).toMatchObject({ done: false, value: { sequence } });
    }
    await feed.return?.();
  });

  it('leaves no subscription behind when it is stopped', async () => {
    const feed = new JetStreamEventLog(reader).follow(1);
    await new JetStreamEventLog(writer).appender(0).append([sampleEvent(1)]);
    for await (const { raw } of feed) {
      expect(raw).toBe(new EventWriter().write(sampleEvent(1)));
      break;
    }
    await reader.nc.flush();
    const before = reader.nc.stats().inMsgs;
    await new JetStreamEventLog(writer).appender(1).append(sampleEvents(2, 100));
    await world.pass(700);
    expect(reader.nc.stats().inMsgs).toBe(before);
  });
});
