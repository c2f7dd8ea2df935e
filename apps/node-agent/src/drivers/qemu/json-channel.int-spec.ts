import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.system.js';
import { JsonChannel } from './json-channel.driver.js';
import { MAX_LINE_BYTES } from './limits.js';

describe('a JSON channel', () => {
  let dir: string;
  let server: Server;
  let channel: JsonChannel;
  /** What the other side does with each request. */
  let answer: (request: { id: number; execute: string }, socket: Socket) => void;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'muster-channel-'));
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().trim().split('\n'))
          answer(JSON.parse(line) as { id: number; execute: string }, socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(join(dir, 'a.sock'), resolve));
    channel = await JsonChannel.connect(dir, 'a.sock', systemClock);
  });

  afterEach(async () => {
    channel.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  });

  const say = (socket: Socket, message: object): void => void socket.write(`${JSON.stringify(message)}\n`);

  it('gives each request its own answer, in whatever order they come', async () => {
    const asked: number[] = [];
    answer = ({ id }, socket) => {
      asked.push(id);
      if (asked.length === 2)
        for (const each of [...asked].reverse()) say(socket, { id: each, return: `answer ${each}` });
    };
    const answers = await Promise.all([channel.command('a', undefined, 5000), channel.command('b', undefined, 5000)]);
    expect(answers).toEqual(asked.map((id) => `answer ${id}`));
  });

  it('reports an error answer in its words', async () => {
    answer = ({ id }, socket) => say(socket, { id, error: { class: 'GenericError', desc: 'no such thing' } });
    await expect(channel.command('a', undefined, 5000)).rejects.toThrow('no such thing');
  });

  it('gives up after its time, and is not confused by the late answer', async () => {
    let late = (): void => undefined;
    answer = ({ id, execute }, socket) => {
      if (execute === 'slow') late = () => say(socket, { id, return: 'late' });
      else {
        late();
        say(socket, { id, return: 'in time' });
      }
    };
    await expect(channel.command('slow', undefined, 50)).rejects.toThrow('No answer to slow within 50 ms');
    expect(await channel.command('quick', undefined, 5000)).toBe('in time');
  });

  it('passes over lines that are no answers', async () => {
    answer = ({ id }, socket) => {
      socket.write(
        `\n[1]\nnull\n"x"\n{"event":"RESET"}\n{"id":"${id}","return":1}\n{"id":${id + 7},"return":2}\nrubbish\n`,
      );
      say(socket, { id, return: 'mine' });
    };
    expect(await channel.command('a', undefined, 5000)).toBe('mine');
  });

  it('ends when the other side sends a line without end', async () => {
    answer = (_, socket) => void socket.write(Buffer.alloc(MAX_LINE_BYTES + 1, 'x'));
    await expect(channel.command('a', undefined, 5000)).rejects.toThrow('closed');
    await expect(channel.command('b', undefined, 5000)).rejects.toThrow('closed');
  });

  it('ends with the other side', async () => {
    answer = (_, socket) => socket.destroy();
    await expect(channel.command('a', undefined, 5000)).rejects.toThrow('closed');
  });

  it('does not follow a link to another socket', async () => {
    symlinkSync('a.sock', join(dir, 'b.sock'));
    await expect(JsonChannel.connect(dir, 'b.sock', systemClock)).rejects.toThrow('is not a socket');
  });
});
