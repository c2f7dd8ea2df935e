import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Many clients of one event stream, which only look at ids and at the clock. Arguments: address, how many, and the ids that will come.
 * Prints `ready` once all are connected; is then given a line with the time of each event, and prints what it saw.
 */
const [address = '', count = '0', from = '1', events = '0'] = process.argv.slice(2);
const [FOLLOWERS, FIRST, EVENTS] = [Number(count), Number(from), Number(events)];
const AT_ONCE = 50;
const LATE_LIMIT_MS = 10_000;
const now = (): number => performance.timeOrigin + performance.now();
const ID = Buffer.from('id: ');
const END = Buffer.from('\n\n');

/** When each follower got each event, ms after the begin. */
const BEGAN = now();
const got = Array.from({ length: FOLLOWERS }, () => new Float32Array(EVENTS));
let [received, wrong, bytes] = [0, 0, 0];

class Client {
  private rest: Buffer = Buffer.alloc(0);
  private last = FIRST - 1;

  constructor(
    readonly place: number,
    readonly socket: Socket,
  ) {
    socket.on('data', (chunk) => this.take(chunk));
  }

  private take(chunk: Buffer): void {
    bytes += chunk.length;
    const at = now() - BEGAN;
    const all = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let begin = 0;
    for (let end = all.indexOf(END, begin); end >= 0; end = all.indexOf(END, begin)) {
      this.frame(all, begin, end, at);
      begin = end + 2;
    }
    this.rest = all.subarray(begin);
  }

  /** The head of the answer ends with an empty line and CRs, and is no frame; neither is a chunk's length before one. */
  private frame(all: Buffer, begin: number, end: number, at: number): void {
    const idAt = all.subarray(begin, Math.min(end, begin + 16)).indexOf(ID);
    if (idAt < 0) return;
    const sequence = Number.parseInt(all.toString('latin1', begin + idAt + 4, begin + idAt + 16), 10);
    if (sequence < FIRST || sequence >= FIRST + EVENTS) return;
    if (sequence !== this.last + 1) wrong++;
    this.last = sequence;
    received++;
    (got[this.place] as Float32Array)[sequence - FIRST] = at;
  }
}

const { hostname, port, pathname, search } = new URL(address);
const clients: Client[] = [];
for (let place = 0; place < FOLLOWERS; place += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, FOLLOWERS - place) }, async (_, n) => {
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    const client = new Client(place + n, socket);
    clients.push(client);
    const answered = once(socket, 'data');
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    await answered;
  });
  await Promise.all(some);
}
console.log('ready');

const [line] = (await once(createInterface({ input: process.stdin }), 'line')) as [string];
const sentAt = JSON.parse(line) as number[];
const due = FOLLOWERS * EVENTS;
for (const late = now() + LATE_LIMIT_MS; received < due && now() < late;) await pause(100);
const latencies = new Float64Array(due);
let known = 0;
for (const times of got)
  for (let n = 0; n < EVENTS; n++)
    if ((times[n] ?? 0) > 0) latencies[known++] = BEGAN + (times[n] as number) - (sentAt[n] as number);
const sorted = latencies.subarray(0, known).sort();
const at = (share: number): number => sorted[Math.min(known - 1, Math.floor(known * share))] ?? Number.NaN;
console.log(JSON.stringify({ received, due, wrong, bytes, p50: at(0.5), p99: at(0.99), most: at(1) }));
process.exit(0);
