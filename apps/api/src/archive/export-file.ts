import { linkHash } from './chain.js';

/** Raised when an older build could not read what a newer one writes. */
const EXPORT_VERSION = 1;

/** The first line of an export. */
export interface ExportHeader {
  readonly muster: 'events';
  readonly version: typeof EXPORT_VERSION;
  /** The log that the events are from. */
  readonly incarnation: string;
  readonly first: number;
  readonly last: number;
  /** The hash before the first event, hexadecimal. */
  readonly anchor: string;
}

/** The last line. */
export interface ExportTrailer {
  readonly count: number;
  /** Of the last event, hexadecimal. */
  readonly hash: string;
}

export interface ExportedEvent {
  readonly sequence: number;
  readonly body: string;
}

/** What is wrong with a file, and in which line. */
export class DamagedFile extends Error {
  constructor(line: number, wrong: string) {
    super(`The file is damaged or no export of events, line ${line}: ${wrong}. Nothing was imported`);
    this.name = 'DamagedFile';
  }
}

export const headerLine = (header: Omit<ExportHeader, 'muster' | 'version'>): string =>
  JSON.stringify({ muster: 'events', version: EXPORT_VERSION, ...header } satisfies ExportHeader);

export const trailerLine = (trailer: ExportTrailer): string => JSON.stringify(trailer);

/** The body as it is, so that other tools can read it; as a text when a line feed would break the line. */
export function eventLine({ sequence, body }: ExportedEvent): string {
  if (body.includes('\n')) return `{"sequence":${sequence},"text":${JSON.stringify(body)}}`;
  return `{"sequence":${sequence},"event":${body}}`;
}

const EVENT_LINE = /^\{"sequence":(\d+),"(event|text)":(.*)\}$/s;

function readEvent(text: string): ExportedEvent | undefined {
  const [, sequence, form, value] = EVENT_LINE.exec(text) ?? [];
  if (value === undefined) return undefined;
  return { sequence: Number(sequence), body: form === 'text' ? (JSON.parse(value) as string) : value };
}

function readHeader(text: string): ExportHeader {
  const fields = parsed(text) as Partial<ExportHeader> | undefined;
  if (fields?.muster !== 'events') throw new DamagedFile(1, 'it must begin with the header of an export');
  if (fields.version !== EXPORT_VERSION)
    throw new DamagedFile(1, `it is of version ${fields.version}; this build reads version ${EXPORT_VERSION}`);
  return fields as ExportHeader;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What the file says of itself, once it has been read to its end and found right. */
export interface ExportSummary {
  readonly header: ExportHeader;
  readonly trailer: ExportTrailer;
}

/** Reads the lines of an export, hands each event on, and holds all of it against the chain. Throws `DamagedFile`. */
export async function readExport(
  lines: AsyncIterable<string>,
  onEvent: (event: ExportedEvent) => Promise<void> | void,
): Promise<ExportSummary> {
  let header: ExportHeader | undefined;
  let trailer: ExportTrailer | undefined;
  let hash: Buffer = Buffer.alloc(0);
  let [line, count, last] = [0, 0, 0];
  for await (const text of lines) {
    line++;
    if (header === undefined) {
      header = readHeader(text);
      hash = Buffer.from(header.anchor, 'hex');
      last = header.first - 1;
      continue;
    }
    if (trailer !== undefined) throw new DamagedFile(line, 'there is more behind its end');
    const event = readEvent(text);
    if (event === undefined) {
      trailer = readTrailer(text, line);
      continue;
    }
    if (event.sequence <= last) throw new DamagedFile(line, `sequence ${event.sequence} must be more than ${last}`);
    hash = linkHash(hash, event.sequence, event.body);
    [last, count] = [event.sequence, count + 1];
    await onEvent(event);
  }
  if (header === undefined || trailer === undefined) throw new DamagedFile(line, 'it ends before its last line');
  checkEnd(line, header, trailer, { count, last, hash: hash.toString('hex') });
  return { header, trailer };
}

function readTrailer(text: string, line: number): ExportTrailer {
  const fields = parsed(text) as Partial<ExportTrailer> | undefined;
  if (typeof fields?.count !== 'number' || typeof fields.hash !== 'string')
    throw new DamagedFile(line, 'it must be an event or the last line');
  return fields as ExportTrailer;
}

function checkEnd(
  line: number,
  header: ExportHeader,
  trailer: ExportTrailer,
  read: { readonly count: number; readonly last: number; readonly hash: string },
): void {
  if (read.count !== trailer.count)
    throw new DamagedFile(line, `it has ${read.count} events and must have ${trailer.count}`);
  if (read.last !== header.last)
    throw new DamagedFile(line, `its last event is ${read.last} and must be ${header.last}`);
  if (read.hash !== trailer.hash)
    throw new DamagedFile(line, 'the hash over all events is another one: an event was changed, dropped or moved');
}
