import { until } from './until.js';

/** One frame of an event stream as the HTML standard reads it; comments are kept, too. */
export interface SseFrame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
  readonly comment?: string;
}

/** A client of an event stream that reads all the time. It does not connect again by itself. */
export class SseClient {
  readonly frames: SseFrame[] = [];
  /** Undefined while the stream goes on. */
  ended: 'by the server' | 'broken' | undefined;
  private rest = '';

  private constructor(
    readonly response: Response,
    private readonly stop: AbortController,
  ) {}

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<SseClient> {
    const stop = new AbortController();
    const response = await fetch(url, { headers, signal: stop.signal });
    const client = new SseClient(response, stop);
    if (response.ok) void client.read();
    return client;
  }

  get status(): number {
    return this.response.status;
  }

  /** What was told, without bookmarks. */
  get events(): SseFrame[] {
    return this.frames.filter(({ event }) => event !== undefined && event !== 'bookmark');
  }

  get sequences(): number[] {
    return this.events.map(({ id }) => Number(id));
  }

  get lastId(): string | undefined {
    return this.frames.findLast(({ id }) => id !== undefined)?.id;
  }

  async untilEvents(count: number, limitMs = 10_000): Promise<void> {
    await until(
      `${count} events came`,
      () => this.events.length >= count,
      limitMs,
      () => `${this.events.length} came`,
    );
  }

  async untilEnded(limitMs = 10_000): Promise<void> {
    await until('the stream has ended', () => this.ended !== undefined, limitMs);
  }

  close(): void {
    this.stop.abort();
  }

  private async read(): Promise<void> {
    try {
      for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) this.take(chunk);
      this.ended ??= 'by the server';
    } catch {
      this.ended ??= 'broken';
    }
  }

  private take(chunk: Uint8Array): void {
    this.rest += Buffer.from(chunk).toString('utf8');
    const blocks = this.rest.split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.frames.push(frameOf(block));
  }
}

function frameOf(block: string): SseFrame {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon) || 'comment';
    const value = line.slice(colon + 1).replace(/^ /, '');
    fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
  }
  return fields;
}
