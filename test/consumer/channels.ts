import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';

/** An event, as docs/events.md tells of it: the attributes that this consumer looks at. */
export interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One way to get events. What came is kept by sequence, so that what comes twice is there once. */
export interface Channel {
  readonly events: ReadonlyMap<number, Event>;
  close(): Promise<void>;
}

const keep = (events: Map<number, Event>, { id, type, subject, sequence, data }: Event): void =>
  void events.set(sequence, { id, type, subject, sequence, data });

/** NATS: an ordered consumer, without credentials, behind the sequence. */
export async function overNats(url: string, after: number): Promise<Channel> {
  const connection = await connect({ servers: url });
  const consumer = await jetstream(connection).consumers.get('EVENTS', {
    filter_subjects: 'muster.evt.>',
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: after + 1,
  });
  const events = new Map<number, Event>();
  const messages = await consumer.consume();
  const reading = (async () => {
    for await (const message of messages) {
      const event = message.json<Event>();
      if (message.seq !== event.sequence) throw new Error(`Event ${event.id} is at ${message.seq}`);
      keep(events, event);
    }
  })();
  const close = async (): Promise<void> => {
    messages.stop();
    await reading;
    await connection.close();
  };
  return { events, close };
}

/** A webhook: a receiver that believes only what is signed, in the form of Standard Webhooks, and reads CloudEvents. */
export async function overWebhook(apiUrl: string): Promise<Channel> {
  const events = new Map<number, Event>();
  let secret = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      try {
        new Webhook(secret).verify(body, request.headers as Record<string, string>);
        const event = HTTP.toEvent({ headers: request.headers, body });
        if (Array.isArray(event)) throw new Error('One event was to come, not a list');
        if (event.id !== request.headers['webhook-id']) throw new Error('webhook-id must be the id of the event');
        keep(events, JSON.parse(JSON.stringify(event)) as Event);
        response.writeHead(204).end();
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const made = await fetch(`${apiUrl}/api/v2/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'consumer', url: `http://127.0.0.1:${port}/events`, types: ['vm.*'], ordered: true }),
  });
  if (made.status !== 201) throw new Error(`The webhook was not made: ${made.status} ${await made.text()}`);
  ({ secret } = (await made.json()) as { secret: string });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { events, close };
}

/** The HTTP stream: server-sent events behind the sequence. */
export async function overStream(apiUrl: string, after: number): Promise<Channel> {
  const leaving = new AbortController();
  const response = await fetch(`${apiUrl}/api/v2/stream`, {
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
    signal: leaving.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`No stream: ${response.status}`);
  const events = new Map<number, Event>();
  const body = response.body;
  const reading = (async () => {
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const frame = fieldsOf(text.slice(0, end));
        text = text.slice(end + 2);
        if (frame['event']?.startsWith('muster.') !== true) continue;
        const event = JSON.parse(frame['data'] ?? '') as Event;
        if (frame['id'] !== String(event.sequence) || frame['event'] !== event.type)
          throw new Error(`The frame of event ${event.id} says something else`);
        keep(events, event);
      }
    }
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  const close = async (): Promise<void> => {
    leaving.abort();
    await reading;
  };
  return { events, close };
}

function fieldsOf(frame: string): Record<string, string> {
  const lines = frame.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** Queries: all events of one VM behind the sequence, page by page. */
export async function byQuery(apiUrl: string, vmId: string, after: number): Promise<Event[]> {
  const events = new Map<number, Event>();
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ subject: `vm/${vmId}`, after: String(after), order: 'oldest', limit: '2' });
    if (cursor !== undefined) query.set('cursor', cursor);
    const response = await fetch(`${apiUrl}/api/v2/events?${query.toString()}`);
    if (!response.ok) throw new Error(`No page: ${response.status} ${await response.text()}`);
    const page = (await response.json()) as { items: Event[]; next?: string };
    for (const event of page.items) keep(events, event);
    cursor = page.next;
  } while (cursor !== undefined);
  return [...events.values()];
}
