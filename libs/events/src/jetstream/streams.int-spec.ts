import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type JetStreamManager, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { sampleEvents } from '../contract/samples.contract.js';
import { EVENT_SUBJECTS, EVENTS_STREAM, LEASE_BUCKET } from '../subjects.js';
import { ensureStreams, JetStreamEventLog, NatsLink } from './index.js';
import { makeJetStreamWorld } from './jetstream-world.contract.js';

describe('the streams', () => {
  let world: Awaited<ReturnType<typeof makeJetStreamWorld>>;
  let link: NatsLink;
  let manager: JetStreamManager;
  beforeEach(async () => {
    world = await makeJetStreamWorld();
    link = await NatsLink.connect({ url: world.server.url, name: 'streams' });
    manager = await jetstreamManager(link.nc);
  });
  afterEach(async () => {
    await link.close();
    await world.end();
  });

  it('may be made sure of by many at once, and again, without losing anything', async () => {
    await new JetStreamEventLog(link).appender(0).append(sampleEvents(1, 5));
    await Promise.all(Array.from({ length: 5 }, () => ensureStreams(link)));
    expect(await new JetStreamEventLog(link).lastSequence()).toBe(5);
  });

  it('may be made by many at once when there are none', async () => {
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
    await Promise.all(Array.from({ length: 5 }, () => ensureStreams(link)));
    expect(await new JetStreamEventLog(link).lastSequence()).toBe(0);
  });

  it('keep their incarnation when the server was started anew and a stream is changed', async () => {
    const before = await new JetStreamEventLog(link).incarnation();
    await world.killServer();
    await world.restartServer();
    while (!link.isConnected) await world.pass(20);
    await manager.streams.update(EVENTS_STREAM, { duplicate_window: nanos(7000) });
    await ensureStreams(link);
    expect(await new JetStreamEventLog(link).incarnation()).toBe(before);
  });

  it('are brought to what is wanted where that is possible', async () => {
    await ensureStreams(link, { leaseTtlMs: 3000 });
    expect((await manager.streams.info(`KV_${LEASE_BUCKET}`)).config.max_age).toBe(nanos(3000));
  });

  it('that cannot become what is wanted are named, with what is wrong', async () => {
    await manager.streams.delete(EVENTS_STREAM);
    await manager.streams.add({ name: EVENTS_STREAM, subjects: EVENT_SUBJECTS, storage: StorageType.Memory });
    await expect(ensureStreams(link)).rejects.toThrow(/Cannot make stream EVENTS as it must be: .*storage/);
  });

  it('of events let nobody delete or purge, or roll up', async () => {
    await new JetStreamEventLog(link).appender(0).append(sampleEvents(1, 5));
    await expect(manager.streams.deleteMessage(EVENTS_STREAM, 2)).rejects.toThrow(/not permitted/);
    await expect(manager.streams.purge(EVENTS_STREAM)).rejects.toThrow(/not permitted/);
    await expect(manager.streams.update(EVENTS_STREAM, { deny_delete: false })).rejects.toThrow(/deny/);
  });
});
