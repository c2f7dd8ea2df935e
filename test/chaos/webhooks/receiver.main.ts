/**
 * The receivers of the chaos run, a process of their own: many endpoints on one port, and one whose port is closed until it is told to
 * open. They check each signature with the public library, keep books, and misbehave as they are told.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Random } from '../../simulation/random.js';
import { Arrivals, type Arrived } from './arrivals.js';
import type { FromReceiver, ReceiverPlan, ToReceiver } from './receiver.js';
import { type Trouble, troubleOf } from './trouble.js';

const HUGE_BYTES = 4 * 1024 * 1024;
const SLOW_MS: readonly [number, number] = [200, 1_500];
const SKEW_MS = 3 * 24 * 3_600_000;

class Endpoint {
  readonly arrivals: Arrivals;
  private readonly random: Random;
  private readonly webhook: Webhook | undefined;

  constructor(private readonly plan: ReceiverPlan) {
    this.arrivals = new Arrivals(plan.name);
    this.random = new Random(plan.seed);
    this.webhook = plan.secret === undefined ? undefined : new Webhook(plan.secret);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const trouble = troubleOf(this.plan.temper, this.random);
    this.arrivals.made(trouble);
    if (trouble === 'cut-request') return void request.socket.destroy();
    const body = await textOf(request);
    const events = this.read(request, body);
    for (const event of events) this.arrivals.came(event);
    if (trouble === 'slow') await pause(this.random.between(...SLOW_MS));
    if (answer(trouble, response)) for (const { sequence } of events) this.arrivals.took(sequence);
  }

  private read({ headers }: IncomingMessage, body: string): Arrived[] {
    try {
      this.webhook?.verify(body, headers as Record<string, string>);
      const value = JSON.parse(body) as Told | Told[];
      const events = (Array.isArray(value) ? value : [value]).map(arrivedAs);
      const id = String(headers['webhook-id']);
      const first = events[0];
      if (first !== undefined && !id.startsWith(first.id)) this.arrivals.isWrong(`${first.id} came under the id ${id}`);
      return events;
    } catch (error) {
      this.arrivals.isWrong(`${String(error)}: ${body.slice(0, 200)}`);
      return [];
    }
  }
}

/** Ours, or a record of the vendor's event log. */
interface Told {
  readonly sequence: number;
  readonly id?: string;
  readonly event_id?: string;
}

function arrivedAs(told: Told): Arrived {
  const { sequence, id, event_id: recordId } = told;
  const digest = createHash('sha256').update(JSON.stringify(told)).digest('base64');
  return { sequence, id: id ?? recordId ?? '', digest };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** Whether the answer says that the events were taken. */
function answer(trouble: Trouble, response: ServerResponse): boolean {
  switch (trouble) {
    case 'fail':
      response.writeHead(500).end('out of order');
      return false;
    case 'cut-before-answer':
      response.destroy();
      return false;
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
      return false;
    case 'throttle':
      response.writeHead(429, { 'retry-after': '1' }).end();
      return false;
    case 'cut-answer':
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
      setImmediate(() => response.destroy());
      return true;
    case 'huge':
      response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.alloc(HUGE_BYTES, 'x'));
      return true;
    case 'skew':
      response.writeHead(204, { date: new Date(Date.now() - SKEW_MS).toUTCString() }).end();
      return true;
    default:
      response.writeHead(204).end();
      return true;
  }
}

const endpoints = new Map<string, Endpoint>();

function serverOf(): Server {
  const server = createServer((request, response) => {
    const endpoint = endpoints.get((request.url ?? '').slice(1));
    if (endpoint === undefined) return void response.writeHead(404).end();
    endpoint.serve(request, response).catch(() => response.destroy());
  });
  return server.on('clientError', (_, socket) => void socket.destroy());
}

const say = (message: FromReceiver): void => void process.send?.(message);

function hear(message: ToReceiver): void {
  if (message.kind === 'add') {
    endpoints.set(message.plan.name, new Endpoint(message.plan));
    say({ kind: 'added' });
  } else if (message.kind === 'open') {
    serverOf().listen(message.port, '127.0.0.1', () => say({ kind: 'opened' }));
  } else if (message.kind === 'counts') {
    const counts = [...endpoints].map(([name, { arrivals }]) => [name, arrivals.takenCount] as const);
    say({ kind: 'counts', counts: Object.fromEntries(counts) });
  } else say({ kind: 'accounts', accounts: [...endpoints.values()].map(({ arrivals }) => arrivals.account()) });
}

process.on('message', hear);
process.on('disconnect', () => process.exit());
const server = serverOf();
server.listen(0, '127.0.0.1', () => say({ kind: 'listening', port: (server.address() as AddressInfo).port }));
