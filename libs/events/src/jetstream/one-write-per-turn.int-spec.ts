import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NatsConnectionImpl } from '@nats-io/transport-node';
import { makeJetStreamWorld } from './jetstream-world.contract.js';
import { NatsLink } from './link.jetstream.js';

describe('what is published in one turn of the event loop', () => {
  let world: Awaited<ReturnType<typeof makeJetStreamWorld>>;
  let link: NatsLink;
  let heard: string[];

  beforeAll(async () => {
    world = await makeJetStreamWorld();
    link = await NatsLink.connect({ url: world.server.url, name: 'writer' });
    link.nc.subscribe('turn.>', { callback: (_, message) => void heard.push(message.subject) });
    await link.nc.flush();
  });
  beforeEach(() => {
    heard = [];
  });
  afterAll(async () => {
    await link.close();
    await world.end();
  });

  /** How often bytes were handed to the socket meanwhile. */
  async function writesDuring(work: () => Promise<void>): Promise<number> {
    const { transport } = (link.nc as NatsConnectionImpl).protocol;
    const send = transport.send.bind(transport);
    let writes = 0;
    transport.send = (frame) => {
      writes++;
      send(frame);
    };
    await work();
    await link.nc.flush();
    transport.send = send;
    return writes;
  }

  const publishInSteps = async (count: number, bytes: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      link.nc.publish(`turn.${n}`, 'x'.repeat(bytes));
      await Promise.resolve();
    }
  };

  it('leaves in one write, in order', async () => {
    expect(await writesDuring(() => publishInSteps(100, 10))).toBe(1);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => `turn.${n}`));
  });

  it('does not wait when it is much', async () => {
    expect(await writesDuring(() => publishInSteps(100, 10_000))).toBeGreaterThan(3);
    expect(heard).toHaveLength(100);
  });

  it('leaves over a connection that was made anew, too', async () => {
    await world.killServer();
    await world.restartServer();
    await new Promise<void>((resolve) => {
      if (link.isConnected) resolve();
      else link.onChange(() => link.isConnected && resolve());
    });
    await link.nc.flush();
    expect(await writesDuring(() => publishInSteps(100, 10))).toBe(1);
    expect(heard).toHaveLength(100);
  });
});
