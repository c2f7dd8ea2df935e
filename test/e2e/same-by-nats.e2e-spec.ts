import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createInbox, headers, type NatsConnection } from '@nats-io/transport-node';
import type { EventTap, TappedEvent } from '../support/event-tap.js';
import { Fleet } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

const ANSWER_LIMIT_MS = 10_000;
/** Of no template, group, node or VM. */
const NOBODY = '11111111-1111-4111-8111-111111111111';

/** What is told of a command that was given over NATS. */
interface Told {
  readonly kind: 'accepted' | 'refused';
  readonly vmIds?: readonly string[];
  readonly refusal?: { readonly code: string };
}

interface Plain {
  readonly type: string;
  readonly data: unknown;
}

/** Events without what must differ: which VM of the two they are about, and on which of the equal nodes it is. */
const plain = (events: readonly TappedEvent[], vmId: string): readonly Plain[] =>
  events.map(({ event: { type, data } }) => {
    const { choice: _, nodeId: __, ...rest } = data;
    return JSON.parse(JSON.stringify({ type, data: rest }).replaceAll(vmId, 'the VM')) as Plain;
  });

describe('a command over NATS', () => {
  let fleet: Fleet;
  let tap: EventTap;
  let connection: NatsConnection;
  let template: string;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'simulated', nodes: 2, bootMs: 50, ephemeralDatabase: true });
    template = await offerPretendedTemplate(fleet);
    connection = await fleet.nats();
    tap = await fleet.tap();
  });
  afterAll(() => fleet?.close());

  async function byNats(type: string, data: object, correlationid: string): Promise<Told> {
    const replyTo = createInbox();
    const answers = connection.subscribe(replyTo, { max: 1, timeout: ANSWER_LIMIT_MS });
    const wish = headers();
    wish.set('Nats-Msg-Id', randomUUID());
    wish.set('Muster-Reply', replyTo);
    connection.publish(`muster.cmd.vm.${type}`, JSON.stringify({ correlationid, data }), { headers: wish });
    for await (const answer of answers) return answer.json<Told>();
    throw new Error('No answer came');
  }

  const atTheDoor = (method: string, body: object, correlationId: string) =>
    fleet.anka.ask<readonly string[]>(method, '/api/v1/vm', body, { 'x-request-id': correlationId });

  /** What was caused by one request, up to the event that ends it. */
  async function story(correlationId: string, end: string): Promise<readonly TappedEvent[]> {
    const own = () => tap.heard.filter(({ event }) => event.correlationid === correlationId);
    const isEnd = ({ event }: TappedEvent): boolean => event.type.endsWith(`.${end}`);
    await until(`${end} of ${correlationId} is heard`, () => own().some(isEnd), ANSWER_LIMIT_MS);
    return own().slice(0, own().findIndex(isEnd) + 1);
  }

  it('starts and ends a VM by the same events as at the door', async () => {
    const order = { vmid: template, name: 'builder', external_id: 'job-7', metadata: { branch: 'main' } };
    const { envelope } = await atTheDoor('POST', order, 'start-by-rest');
    const [asRest = ''] = envelope.body ?? [];
    const request = { templateId: template, name: 'builder', externalId: 'job-7', metadata: { branch: 'main' } };
    const told = await byNats('StartVM', { request }, 'start-by-nats');
    const [asNats = ''] = told.vmIds ?? [];
    const [rest, nats] = [await story('start-by-rest', 'VMScheduled'), await story('start-by-nats', 'VMScheduled')];
    expect(plain(nats, asNats)).toEqual(plain(rest, asRest));
    await Promise.all([asRest, asNats].map((id) => reaches(fleet.anka, id, 'Started')));

    await atTheDoor('DELETE', { id: asRest }, 'end-by-rest');
    expect(await byNats('TerminateVM', { vmId: asNats }, 'end-by-nats')).toMatchObject({ kind: 'accepted' });
    const [ended, endedToo] = [await story('end-by-rest', 'TerminateVM'), await story('end-by-nats', 'TerminateVM')];
    expect(plain(endedToo, asNats)).toEqual(plain(ended, asRest));
    for (const id of [asRest, asNats]) await tap.hears(id, 'VMTerminated');
  });

  it('says of the log who asked, and by which way', async () => {
    const [{ event: rest }] = (await story('start-by-rest', 'StartVM')) as [TappedEvent];
    const [{ event: nats }] = (await story('start-by-nats', 'StartVM')) as [TappedEvent];
    expect([rest.actor, nats.actor]).toEqual(['anonymous', 'anonymous']);
    expect([rest, nats]).toMatchObject([{ clientaddress: '127.0.0.1' }, { authmode: 'nats' }]);
    expect([rest, nats]).toMatchObject([{ commandtype: 'StartVM' }, { commandtype: 'StartVM' }]);
  });

  const start = (wish: object, request: object = {}) => ({
    ...{ method: 'POST', body: { vmid: template, ...wish } },
    ...{ type: 'StartVM', data: { request: { templateId: template, ...request } } },
  });
  const terminate = () => ({
    ...{ method: 'DELETE', body: { id: NOBODY } },
    ...{ type: 'TerminateVM', data: { vmId: NOBODY } },
  });

  it.each([
    ['TEMPLATE_UNKNOWN', () => start({ vmid: NOBODY }, { templateId: NOBODY })],
    ['TAG_UNKNOWN', () => start({ tag: 'nope' }, { tag: 'nope' })],
    ['GROUP_UNKNOWN', () => start({ group_id: NOBODY }, { groupId: NOBODY })],
    ['NODE_UNKNOWN', () => start({ node_id: NOBODY }, { nodeId: NOBODY })],
    ['VM_UNKNOWN', terminate],
  ])('is refused with the same words, and the refusal is in the log: %s', async (code, make) => {
    const { method, body, type, data } = make();
    const { envelope } = await atTheDoor(method, body, `${code}-by-rest`);
    expect(envelope.status).toBe('FAIL');
    expect(await byNats(type, data, `${code}-by-nats`)).toMatchObject({ kind: 'refused', refusal: { code } });
    const stories = await Promise.all(['rest', 'nats'].map((way) => story(`${code}-by-${way}`, 'CommandRefused')));
    const [rest, nats] = stories.map((events) =>
      events.map(({ event }) => ({ ...event.data, subject: undefined, type: event.type })),
    );
    expect(rest).toEqual([expect.objectContaining({ code, commandType: type })]);
    expect(nats).toEqual(rest);
  });

  it.each([
    ['too many VMs', { count: 1001 }, { count: 1001, request: {} }],
    ['a priority out of range', { priority: 100_000 }, { request: { priority: 100_000 } }],
    ['a name that is no text', { name: 7 }, { request: { name: 7 } }],
    ['metadata of another shape', { metadata: 'x' }, { request: { metadata: 'x' } }],
  ])('of what a door does not even read starts nothing: %s', async (_what, wish, data) => {
    const before = (await fleet.anka.instances()).length;
    const { envelope } = await atTheDoor('POST', { vmid: template, ...wish }, 'unread-by-rest');
    expect(envelope.status).toBe('FAIL');
    const whole = { ...data, request: { templateId: template, ...data.request } };
    expect(await byNats('StartVM', whole, 'unread-by-nats')).toMatchObject({ kind: 'refused' });
    expect((await fleet.anka.instances()).length).toBe(before);
  });

  it('would be decided again by the same rules', async () => {
    expect((await replayOf(fleet)).differences).toEqual([]);
  });
});
