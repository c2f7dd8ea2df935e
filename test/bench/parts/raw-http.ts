import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

interface Waiting {
  resolve(answer: RawAnswer): void;
  reject(cause: Error): void;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection that carries one request at a time. */
class Line {
  private waiting: Waiting | undefined;
  /** What came of the present answer, and how much it must be; the head alone tells. */
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private awaitedBytes = 0;

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.once('error', (cause) => this.waiting?.reject(cause));
    socket.once('close', () => this.waiting?.reject(new Error('The server closed the connection')));
  }

  send(text: string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error('The server had closed the connection'));
      this.waiting = { resolve, reject };
      this.socket.write(text);
    });
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    // A long answer is put together once, when all of it is there.
    if (this.receivedBytes < this.awaitedBytes) return;
    const whole = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    this.received = [whole];
    const end = whole.indexOf(HEAD_END);
    if (end === -1) return;
    const head = whole.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return this.fail(`An answer without a length: ${head}`);
    this.awaitedBytes = end + 4 + length;
    if (whole.length < this.awaitedBytes) return;
    const body = whole.toString('utf8', end + 4, this.awaitedBytes);
    [this.received, this.receivedBytes, this.awaitedBytes] = [[], 0, 0];
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  private fail(message: string): void {
    this.waiting?.reject(new Error(message));
    this.waiting = undefined;
    this.socket.destroy();
  }
}

/**
 * An HTTP client that costs next to nothing, so that a bench on the same machine measures the server: keep-alive connections, one
 * request at a time on each, answers with a length only.
 */
export class RawHttp {
  private readonly idle: Line[] = [];
  private readonly queue: ((line: Line) => void)[] = [];
  private readonly lines: Line[] = [];

  private constructor(private readonly host: string) {}

  static async connect(url: string, connections: number): Promise<RawHttp> {
    const { hostname, port, host } = new URL(url);
    const client = new RawHttp(host);
    for (let n = 0; n < connections; n++) {
      const socket = connect({ host: hostname, port: Number(port) });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      client.lines.push(new Line(socket));
    }
    client.idle.push(...client.lines);
    return client;
  }

  async ask(method: string, path: string, body = ''): Promise<RawAnswer> {
    const line = this.idle.pop() ?? (await new Promise<Line>((resolve) => this.queue.push(resolve)));
    const type = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    try {
      return await line.send(`${method} ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${type}\r\n${body}`);
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.idle.push(line);
      else next(line);
    }
  }

  close(): void {
    for (const line of this.lines) line.socket.destroy();
  }
}
