import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly body: string;
}

/** A receiver of webhooks on this machine. */
export class Receiver {
  readonly received: Received[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** `answer` is called when a request has been read whole; without it the answer is 204. */
  static async start(answer?: RequestListener, host = '127.0.0.1', port = 0): Promise<Receiver> {
    const server = createServer((request, response) => {
      void readBody(request).then((body) => {
        receiver.received.push({ headers: request.headers, url: request.url ?? '', body });
        if (answer) answer(request, response);
        else response.writeHead(204).end();
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The sender went away; what came is what came.
  }
  return Buffer.concat(chunks).toString('utf8');
}
