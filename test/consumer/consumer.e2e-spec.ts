import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { byQuery, type Channel, type Event, overNats, overStream, overWebhook } from './channels.js';

jest.setTimeout(180_000);
const HEARD_LIMIT_MS = 60_000;

/** A receiver on this machine, without a certificate: what an operator must allow first. */
const LOCAL_RECEIVERS = {
  MUSTER_WEBHOOK_ALLOW_HTTP: 'true',
  MUSTER_WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
  MUSTER_WEBHOOK_PORTS: '1-65535',
};

describe('a consumer that was written from docs/events.md alone', () => {
  let fleet: Fleet;
  const channels: Channel[] = [];
  const lives: Event[][] = [];

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'simulated', bootMs: 100, ephemeralDatabase: true, env: LOCAL_RECEIVERS });
    const template = await offerPretendedTemplate(fleet);
    channels.push(
      await overNats(fleet.natsUrls.openNatsUrl, 0),
      await overWebhook(fleet.apiUrl),
      await overStream(fleet.apiUrl, 0),
    );
    const { envelope } = await fleet.anka.ask<string[]>('POST', '/api/v1/vm', { vmid: template });
    const [id = ''] = envelope.body ?? [];
    await reaches(fleet.anka, id, 'Started');
    await fleet.anka.terminate(id);
    for (const { events } of channels)
      await until('The end of the VM is heard of', async () => lifeOf(events, id).some(isTheEnd), HEARD_LIMIT_MS);
    lives.push(...channels.map(({ events }) => lifeOf(events, id)), await byQuery(fleet.apiUrl, id, 0));
  });
  afterAll(async () => {
    for (const channel of channels) await channel.close();
    await fleet?.close();
  });

  const isTheEnd = ({ type }: Event): boolean => type === 'muster.vm.VMTerminated';
  /** What is known of the VM by its end, in the order of the log; it leaves the lists later. */
  const lifeOf = (events: ReadonlyMap<number, Event>, id: string): Event[] =>
    [...events.values()]
      .filter(({ type, subject }) => type.startsWith('muster.vm.') && subject === id && type !== 'muster.vm.VMRemoved')
      .sort((a, b) => a.sequence - b.sequence);

  it('sees the whole life of a VM', () => {
    const names = lives[0]?.map(({ type }) => type.slice('muster.vm.'.length)).filter((name) => !/^VMPull/.test(name));
    expect(names).toEqual(['StartVM', 'VMScheduled', 'VMStarted', 'TerminateVM', 'VMTerminated']);
  });

  it('sees the same ids, sequences and data by NATS, by webhook, in the HTTP stream and by query', () => {
    const [nats, webhook, stream, query] = lives;
    expect(webhook).toEqual(nats);
    expect(stream).toEqual(nats);
    expect(query?.filter(({ type }) => type !== 'muster.vm.VMRemoved')).toEqual(nats);
  });
});
