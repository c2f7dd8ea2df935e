import { closeSync, constants, lstatSync, openSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import { isObject, LineSplitter, parseLine, type JsonObject } from './json-lines.js';
import { MAX_LINE_BYTES } from './limits.js';

/** Bytes of path that fit into a socket address on Linux, without the closing zero. */
const MAX_SOCKET_PATH_BYTES = 107;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Requests and answers as JSON lines on a unix socket: the form of both QEMU's monitor and the guest's agent. */
export class JsonChannel {
  readonly greeted: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private readonly splitter = new LineSplitter(MAX_LINE_BYTES);
  private greet: () => void = () => undefined;
  private nextId = 1;
  closed = false;

  private constructor(
    private readonly socket: Socket,
    private readonly clock: Clock,
  ) {
    this.greeted = new Promise((resolve) => (this.greet = resolve));
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  /** Connects to the socket `name` in `dir`. Rejects at once when nobody listens. */
  static async connect(dir: string, name: string, clock: Clock): Promise<JsonChannel> {
    return new JsonChannel(await connectUnix(dir, name), clock);
  }

  /** Sends one command and waits for its answer. Rejects on an error answer, on a closed channel and after `timeoutMs`. */
  async command(execute: string, args: JsonObject | undefined, timeoutMs: number): Promise<unknown> {
    if (this.closed) throw new Error(`Cannot send ${execute}: the channel is closed.`);
    const id = this.nextId++;
    const stop = new AbortController();
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    const late = this.clock.sleep(timeoutMs, stop.signal).then(() => {
      throw new Error(`No answer to ${execute} within ${timeoutMs} ms.`);
    });
    try {
      this.socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
      return await Promise.race([answer, late]);
    } finally {
      this.waiting.delete(id);
      stop.abort();
      late.catch(() => undefined);
      answer.catch(() => undefined);
    }
  }

  /** Bytes outside the protocol, e.g. the one that makes the guest's agent forget half a request. */
  writeRaw(bytes: Buffer): void {
    if (!this.closed) this.socket.write(bytes);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    for (const { reject } of this.waiting.values()) reject(new Error('The channel was closed.'));
    this.waiting.clear();
  }

  private receive(chunk: Buffer): void {
    try {
      for (const line of this.splitter.push(chunk)) this.take(parseLine(line));
    } catch {
      // Whoever sends endless lines is not talking our protocol any more.
      this.close();
    }
  }

  private take(message: JsonObject | undefined): void {
    if (!message) return;
    if ('QMP' in message) return this.greet();
    const waiting = typeof message.id === 'number' ? this.waiting.get(message.id) : undefined;
    if (!waiting) return;
    if ('error' in message) waiting.reject(new Error(errorText(message.error)));
    else waiting.resolve(message.return);
  }
}

function errorText(error: unknown): string {
  return isObject(error) && typeof error.desc === 'string' ? error.desc.slice(0, 500) : 'unknown error';
}

/** A path that is too long for a socket address is replaced by one through a descriptor of its directory. */
async function connectUnix(dir: string, name: string): Promise<Socket> {
  const path = join(dir, name);
  // QEMU owns the directory: a compromised one may have put a link to another program's socket there.
  if (!lstatSync(path).isSocket()) throw new Error(`${path} is not a socket.`);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return connected(path);
  const descriptor = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    return await connected(`/proc/self/fd/${descriptor}/${name}`);
  } finally {
    closeSync(descriptor);
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
