import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import { nodeId, type RecordedEvent, vmId } from '#domain';
import { encodeEvent, eventSubject, type LoggedEvent } from '#events';
import { ensureStreams, JetStreamEventLog, NatsLink } from '#events/jetstream';
import { startEmbeddedNats } from '../../tools/services/index.js';
import { printFigures, quantile } from './parts/figures.js';

/** How fast the one writer appends, against publishing the same bytes to a stream with nothing but acknowledgements. */
const IN_FLIGHT = 2000;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 8);
/** Short, so that whatever else the machine does meets both alike. */
const ROUND_MS = 900;
const TARGET_PER_SECOND = 40_000;
const TARGET_RATIO = 0.5;
/** Of an append: its id, the sequence and the id of its predecessor. */
const HEADER_BYTES = 190;
const RAW_STREAM = 'RAW';

/** What one command caused: two events of one VM, each about 500 bytes as JSON. */
function events(from: number): RecordedEvent[] {
  const command = randomUUID();
  const vm = vmId(randomUUID());
  const cause = { sequence: from, id: command, actor: 'root', correlationId: command };
  const at = { time: 1_760_000_000_000 + from, cause };
  const node = nodeId('mac-mini-017');
  return [
    { ...at, sequence: from, id: `${command}:0`, event: { type: 'VMScheduled', vmId: vm, nodeId: node, attempt: 1 } },
    { ...at, sequence: from + 1, id: `${command}:1`, event: { type: 'VMPulling', vmId: vm, nodeId: node } },
  ];
}

interface Round {
  readonly perSecond: number;
  readonly count: number;
}

/** Lets `send` go on while fewer than the limit are under way; ends when all of them are acknowledged. */
async function paced(send: (done: (count: number) => void, fail: (cause: unknown) => void) => number): Promise<Round> {
  const begin = performance.now();
  let [sent, acked] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    const done = (count: number): void => {
      acked += count;
      go();
    };
    const go = (): void => {
      const over = performance.now() - begin > ROUND_MS;
      while (!over && sent - acked < IN_FLIGHT) sent += send(done, reject);
      if (over && sent === acked) resolve();
    };
    go();
  });
  return { perSecond: (sent * 1000) / (performance.now() - begin), count: sent };
}

async function guarded(log: JetStreamEventLog): Promise<Round> {
  let next = (await log.lastSequence()) + 1;
  const appender = log.appender(next - 1);
  return paced((done, fail) => {
    const batch = events(next);
    next += batch.length;
    appender.append(batch).then(() => done(batch.length), fail);
    return batch.length;
  });
}

/** The client's own publish of as many bytes, made once, without headers and without a look at the answer. */
async function raw(nc: NatsConnection, payload: Uint8Array): Promise<Round> {
  const inbox = createInbox();
  let onAck: (count: number) => void = () => undefined;
  const subscription = nc.subscribe(`${inbox}.*`, { callback: () => onAck(1) });
  let sent = 0;
  const round = await paced((done) => {
    onAck = done;
    nc.publish(`raw.evt.vm.${randomUUID()}.VMScheduled`, payload, { reply: `${inbox}.${(sent++).toString(36)}` });
    return 1;
  });
  subscription.unsubscribe();
  return round;
}

async function replay(log: JetStreamEventLog, look: (event: LoggedEvent) => unknown): Promise<number> {
  const last = await log.lastSequence();
  const begin = performance.now();
  const feed = log.follow(1);
  for await (const event of feed) {
    look(event);
    if (event.sequence === last) feed.stop();
  }
  return (last * 1000) / (performance.now() - begin);
}

const dir = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const server = await startEmbeddedNats({ dir });
const link = await NatsLink.connect({ url: server.url, name: 'bench' });
try {
  await ensureStreams(link);
  await (await jetstreamManager(link.nc)).streams.add({ name: RAW_STREAM, subjects: ['raw.>'] });
  const log = new JetStreamEventLog(link);
  const sample = encodeEvent(events(1_000_000)[0] as RecordedEvent);
  console.log(
    `nats-server ${link.nc.info?.version}, events of ${JSON.stringify(sample).length} bytes, one subject each:`,
  );
  console.log(`  ${eventSubject(events(1)[0]?.event as RecordedEvent['event'])}`);
  const payload = Buffer.alloc(JSON.stringify(sample).length + HEADER_BYTES, 'x');
  const [ours, theirs, ratios]: [number[], number[], number[]] = [[], [], []];
  await guarded(log); // compiled and warm from now on
  await raw(link.nc, payload);
  for (let round = 1; round <= ROUNDS; round++) {
    const [own, other] = [await guarded(log), await raw(link.nc, payload)];
    ours.push(own.perSecond);
    theirs.push(other.perSecond);
    ratios.push(own.perSecond / other.perSecond);
    console.log(`round ${round}: ${own.perSecond.toFixed(0)}/s guarded, ${other.perSecond.toFixed(0)}/s raw`);
  }
  const [own, other] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  printFigures([
    {
      what: `guarded appends, ${IN_FLIGHT} in flight, median`,
      value: own,
      unit: '/s',
      reference: { what: 'raw pipelined publish', value: other },
      target: { atLeast: TARGET_PER_SECOND },
    },
    {
      what: 'as a share of raw, median of the rounds',
      value: quantile(ratios, 0.5),
      unit: '×',
      target: { atLeast: TARGET_RATIO },
    },
    { what: 'replay, sequences only', value: await replay(log, () => undefined), unit: '/s' },
    { what: 'replay, decoded', value: await replay(log, (event) => event.recorded), unit: '/s' },
  ]);
} finally {
  await link.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
