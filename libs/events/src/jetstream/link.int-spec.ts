import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../../tools/services/ports.js';
import { sampleCommand, until } from '../contract/samples.contract.js';
import { Unavailable } from '../fault.js';
import { MAX_PUBLISHES_IN_FLIGHT } from './ack-pipeline.jetstream.js';
import { JetStreamCommandQueue, type LinkStatus, NatsLink } from './index.js';
import { makeJetStreamWorld } from './jetstream-world.contract.js';

describe('a link', () => {
  let world: Awaited<ReturnType<typeof makeJetStreamWorld>>;
  let link: NatsLink;
  const told: LinkStatus[] = [];
  beforeEach(async () => {
    told.length = 0;
    world = await makeJetStreamWorld();
    link = await NatsLink.connect({ url: world.server.url, name: 'here', onStatus: (status) => told.push(status) });
  });
  afterEach(async () => {
    await link.close();
    await world.end();
  });

  it('to nowhere is refused with the address', async () => {
    const port = await freePort();
    const refused = NatsLink.connect({ url: `nats://127.0.0.1:${port}`, name: 'x' });
    await expect(refused).rejects.toThrow(`Cannot connect to NATS at 127.0.0.1:${port}: connection refused`);
    await expect(refused).rejects.toBeInstanceOf(Unavailable);
  });

  it('tells that the server went and came', async () => {
    await world.killServer();
    await until(world, () => !link.isConnected);
    await world.restartServer();
    await until(world, () => link.isConnected);
    expect(told.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(link.isClosed).toBe(false);
  });

  it('tells when it is closed for good, and refuses what comes after', async () => {
    await link.close();
    await link.closed;
    expect([link.isClosed, link.isConnected]).toEqual([true, false]);
    await expect(new JetStreamCommandQueue(link).publish(sampleCommand('c'))).rejects.toBeInstanceOf(Unavailable);
    await expect(new JetStreamCommandQueue(link).lastSequence()).rejects.toBeInstanceOf(Unavailable);
    new JetStreamCommandQueue(link).reply('nobody', { kind: 'accepted', sequence: 1 });
  });

  it('never has more publishes under way than it may, and serves all that wait', async () => {
    const { pending } = link.acks as unknown as { pending: ReadonlyMap<number, unknown> };
    const publish = link.nc.publish.bind(link.nc);
    let most = 0;
    link.nc.publish = (...message) => {
      publish(...message);
      most = Math.max(most, pending.size + 1);
    };
    const queue = new JetStreamCommandQueue(link);
    const acks = await Promise.all(
      Array.from({ length: 3 * MAX_PUBLISHES_IN_FLIGHT }, (_, n) => queue.publish(sampleCommand(`c-${n}`))),
    );
    expect(acks.map(({ sequence }) => sequence)).toEqual(acks.map((_, n) => n + 1));
    expect(most).toBe(MAX_PUBLISHES_IN_FLIGHT);
    expect(pending.size).toBe(0);
  });

  it('holds what is published while the server is away for a moment, and sends it then', async () => {
    await world.killServer();
    await until(world, () => !link.isConnected);
    const published = new JetStreamCommandQueue(link).publish(sampleCommand('c'));
    await world.restartServer();
    expect(await published).toEqual({ sequence: 1, duplicate: false });
  });

  it('gives up on a publish that no stream takes, at once', async () => {
    const headers = (await import('@nats-io/transport-node')).headers();
    const published = link.acks.publish('nobody.listens', '', headers);
    await expect(published).rejects.toThrow('Cannot publish on nobody.listens: no stream listens there');
  });
});
