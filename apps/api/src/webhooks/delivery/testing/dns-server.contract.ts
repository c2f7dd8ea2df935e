import { createSocket, type Socket } from 'node:dgram';

/** Answers to questions for A and AAAA; called for each. */
export type Zone = (name: string, type: 'A' | 'AAAA') => readonly string[];

const TYPE_A = 1;
const TYPE_AAAA = 28;
const HEADER_BYTES = 12;

/** A real DNS server on this machine that says what a test wants it to say. Ends with `close`. */
export class DnsServer {
  /** Names that were asked for, in order. */
  readonly asked: string[] = [];
  private constructor(
    private readonly socket: Socket,
    private readonly zone: Zone,
  ) {
    socket.on('message', (question, from) => socket.send(this.answer(question), from.port, from.address));
  }

  static async start(zone: Zone): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new DnsServer(socket, zone);
  }

  /** As a resolver wants it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(question: Buffer): Buffer {
    const { name, end } = readName(question);
    const asked = question.readUInt16BE(end);
    const type = asked === TYPE_A ? 'A' : asked === TYPE_AAAA ? 'AAAA' : undefined;
    if (type !== undefined) this.asked.push(`${name} ${type}`);
    const records = (type === undefined ? [] : this.zone(name, type)).map((address) => record(asked, address));
    const header = Buffer.alloc(HEADER_BYTES);
    question.copy(header, 0, 0, 2);
    // A response, recursion offered; one question, so many answers.
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, question.subarray(HEADER_BYTES, end + 4), ...records]);
  }
}

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Names the question's own name, class IN, and must be asked for anew each time. */
function record(type: number, address: string): Buffer {
  const data = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : bytesOfV6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function bytesOfV6(address: string): Buffer {
  const [left = '', right] = address.split('::');
  const words = (text: string | undefined): number[] => (text ? text.split(':').map((word) => parseInt(word, 16)) : []);
  const [head, tail] = [words(left), words(right)];
  const all =
    right === undefined ? head : [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  const bytes = Buffer.alloc(16);
  all.forEach((word, index) => bytes.writeUInt16BE(word, 2 * index));
  return bytes;
}
