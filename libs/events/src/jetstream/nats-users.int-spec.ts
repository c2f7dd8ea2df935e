import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { systemClock } from '../clock/clock.system.js';
import { sampleDesired, sampleEvents, take, until } from '../contract/samples.contract.js';
import type { ReceivedCommand } from '../envelope.js';
import { JetStreamCommandQueue, JetStreamDesiredState, JetStreamEventLog } from './index.js';
import { RestrictedServer } from './restricted-server.contract.js';

jest.setTimeout(60_000);

const EVENTS = 12;
let server: RestrictedServer;
const open: NatsConnection[] = [];

/** With the public library, as people who write a consumer do. */
async function client(as: { user?: string; pass?: string; inboxPrefix?: string } = {}) {
  const connection = await connect({ servers: server.url, ...as });
  open.push(connection);
  const refusals: string[] = [];
  void (async () => {
    for await (const status of connection.status()) if (status.type === 'error') refusals.push(status.error.message);
  })();
  const refused = (words: RegExp) =>
    until({ pass: (ms) => systemClock.sleep(ms) }, () => refusals.some((message) => words.test(message)));
  return { connection, refused };
}

const lastEvent = () => new JetStreamEventLog(server.plane).lastSequence();
const lastCommand = () => new JetStreamCommandQueue(server.plane).lastSequence();

beforeAll(async () => {
  server = await RestrictedServer.start();
  await new JetStreamEventLog(server.plane).appender(0).append(sampleEvents(1, EVENTS));
  await new JetStreamDesiredState(server.plane).put('mac.02', sampleDesired(1));
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await server?.stop();
});

describe.each([
  ['without credentials', {}],
  ['with those of a reader', { user: 'reader', pass: 'r1' }],
])('a client %s', (_, credentials) => {
  it('reads the past and goes on where it was, with a durable consumer of its own', async () => {
    const { connection } = await client(credentials);
    const manager = await jetstreamManager(connection);
    const durable_name = `mine${_.length}`;
    await manager.consumers.add('EVENTS', { durable_name, ack_policy: AckPolicy.Explicit });
    const consumer = await jetstream(connection).consumers.get('EVENTS', durable_name);
    for (const expected of [1, 2, 3]) {
      const message = await consumer.next();
      expect(message?.seq).toBe(expected);
      expect(await message?.ackAck()).toBe(true);
    }
    expect((await consumer.info()).ack_floor.stream_seq).toBe(3);
    await manager.consumers.delete('EVENTS', durable_name);
  });

  it('reads from a sequence on, and of one thing, with an ordered consumer', async () => {
    const { connection } = await client(credentials);
    const consumer = await jetstream(connection).consumers.get('EVENTS', {
      filter_subjects: 'muster.evt.vm.vm-7.>',
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: 5,
    });
    const [message] = [await consumer.next({ expires: 5_000 })];
    expect(message).toMatchObject({ seq: 7, subject: 'muster.evt.vm.vm-7.VMScheduled' });
  });

  it('hears what is new as it happens', async () => {
    const { connection } = await client(credentials);
    const heard: string[] = [];
    connection.subscribe('muster.evt.>', { callback: (__, { subject }) => void heard.push(subject) });
    await connection.flush();
    const last = await lastEvent();
    await new JetStreamEventLog(server.plane).appender(last).append(sampleEvents(last + 1, 1));
    await until({ pass: (ms) => systemClock.sleep(ms) }, () => heard.length === 1);
  });

  it('can neither tell events nor give commands, nor report, nor beat', async () => {
    const { connection, refused } = await client(credentials);
    const before = [await lastEvent(), await lastCommand()];
    for (const subject of [
      'muster.evt.vm.a.VMStarted',
      'muster.cmd.vm.TerminateVM',
      'muster.rpt.n.ReportVMLost',
      'muster.hb.n',
    ]) {
      connection.publish(subject, '{}');
      await refused(new RegExp(`Publish to "${subject}"`));
    }
    expect([await lastEvent(), await lastCommand()]).toEqual(before);
  });

  it.each([
    '$JS.API.STREAM.DELETE.EVENTS',
    '$JS.API.STREAM.PURGE.EVENTS',
    '$JS.API.STREAM.UPDATE.EVENTS',
    '$JS.API.STREAM.MSG.DELETE.EVENTS',
    '$JS.API.STREAM.CREATE.MORE',
    '$JS.API.STREAM.INFO.COMMANDS',
    '$JS.API.STREAM.MSG.GET.COMMANDS',
    '$JS.API.CONSUMER.CREATE.COMMANDS.c',
    '$JS.API.CONSUMER.DURABLE.CREATE.COMMANDS.c',
    '$JS.API.STREAM.MSG.GET.KV_muster_desired',
    '$JS.API.DIRECT.GET.KV_muster_desired.$KV.muster_desired.mac=2E02',
    '$JS.API.CONSUMER.CREATE.KV_muster_desired.c.$KV.muster_desired.mac=2E02',
    '$KV.muster_lease.scheduler',
  ])('cannot ask %s', async (subject) => {
    const { connection, refused } = await client(credentials);
    await expect(connection.request(subject, '{}', { timeout: 500 })).rejects.toThrow();
    await refused(/Publish to/);
  });

  it.each(['>', 'muster.cmd.>', 'muster.rpt.>', '$KV.>', '_INBOX_muster.>', '_INBOX_ci.>', '$JS.>'])(
    'cannot listen on %s',
    async (subject) => {
      const { connection, refused } = await client(credentials);
      connection.subscribe(subject);
      await refused(/Subscription to/);
    },
  );
});

describe('a commander', () => {
  const ci = { user: 'ci', pass: 'c1', inboxPrefix: '_INBOX_ci' };

  it('gives the commands that it was given, and hears the stream and the outcome', async () => {
    const { connection } = await client(ci);
    const queue = new JetStreamCommandQueue(server.plane);
    const feed = queue.follow((await lastCommand()) + 1);
    const decided = take(feed, 1).then(([received]: ReceivedCommand[]) => {
      queue.reply(received?.replyTo ?? '', { kind: 'accepted', sequence: 7 });
      return received;
    });
    const outcomes: unknown[] = [];
    connection.subscribe('_INBOX_ci.outcome.1', { callback: (_, message) => void outcomes.push(message.json()) });
    const said = headers();
    said.set('Nats-Msg-Id', 'wish-1');
    said.set('Muster-Reply', '_INBOX_ci.outcome.1');
    const data = { vmId: 'vm-1' };
    const ack = await connection.request('muster.cmd.vm.TerminateVM', JSON.stringify({ data }), {
      timeout: 5_000,
      headers: said,
    });
    expect(ack.json()).toMatchObject({ stream: 'COMMANDS' });
    expect((await decided)?.content).toMatchObject({
      ok: true,
      envelope: { id: 'wish-1', auth: 'nats', command: data },
    });
    await until({ pass: (ms) => systemClock.sleep(ms) }, () => outcomes.length === 1);
    expect(outcomes).toEqual([{ kind: 'accepted', sequence: 7 }]);
  });

  it.each([
    'muster.cmd.vm.RestartVM',
    'muster.cmd.cluster.RunTimers',
    'muster.rpt.n.ReportVMLost',
    'muster.evt.vm.a.VMStarted',
    '$JS.API.STREAM.INFO.EVENTS',
  ])('cannot speak on %s', async (subject) => {
    const { connection, refused } = await client(ci);
    connection.publish(subject, '{}');
    await refused(/Publish to/);
  });

  it('cannot have the control plane speak where it may not', async () => {
    const { connection } = await client(ci);
    const before = [await lastEvent(), await lastCommand()];
    const said = headers();
    said.set('Nats-Msg-Id', 'wish-2');
    said.set('Muster-Reply', 'muster.evt.vm.a.VMStarted');
    connection.publish('muster.cmd.vm.TerminateVM', JSON.stringify({ data: { vmId: 'vm-1' } }), { headers: said });
    const [received] = await take(new JetStreamCommandQueue(server.plane).follow((before[1] ?? 0) + 1), 1);
    expect(received).toMatchObject({ content: { ok: true } });
    expect(received).not.toHaveProperty('replyTo');
  });
});

describe('an answer of the server that somebody had sent into the log', () => {
  it('takes a place, means nothing, and the log goes on behind it', async () => {
    const reader = await client();
    const ci = await client({ user: 'ci', pass: 'c1', inboxPrefix: '_INBOX_ci' });
    const log = new JetStreamEventLog(server.plane);
    const before = await lastEvent();
    reader.connection.publish('$JS.API.INFO', '', { reply: 'muster.evt.vm.a.VMStarted' });
    ci.connection.publish('muster.cmd.vm.StartVM', '{}', { reply: 'muster.evt.vm.a.VMStarted' });
    for (const { connection } of [reader, ci]) await connection.flush();
    let last = before;
    while (last < before + 2) last = await lastEvent();
    await log.appender(last).append(sampleEvents(last + 1, 1));
    const found = await take(log.follow(before + 1), 3);
    expect(found.map(({ sequence, recorded }) => [sequence, recorded?.event.type])).toEqual([
      [before + 1, undefined],
      [before + 2, undefined],
      [before + 3, 'VMScheduled'],
    ]);
  });
});
