/** Lines of one service of one machine. */
export interface LogEntry {
  /** Names the file; see {@link isServiceName}. */
  readonly service: string;
  readonly machineName?: string;
  readonly host?: string;
  /** One line or several. */
  readonly content: string;
}

/** The central logs: one growing file for each service, in a folder of the same name. */
export interface CentralLog {
  /** Returns when the lines are in the file. Throws `TooManyServices`, or `Unavailable` when the disk fails. */
  append(entry: LogEntry): Promise<void>;
}

/** The service of the event log: its lines are JSON and stay as they are. */
export const EVENT_SERVICE = 'event';
/** Services that have a file at most; an unknown one beyond them is refused. */
export const MAX_SERVICES = 128;
/** Longest name of a service. */
export const MAX_SERVICE_NAME_LENGTH = 64;
/** Older files that are kept of one service at most, whatever their age. */
export const MAX_OLD_FILES = 16;

export class TooManyServices extends Error {
  constructor() {
    super(`There are logs of ${MAX_SERVICES} services already: no other can have one`);
    this.name = 'TooManyServices';
  }
}

export interface CentralLogLimits {
  readonly maxFileBytes: number;
  readonly keepMs: number;
  /** A full file becomes an old one; else what it holds is dropped. */
  readonly keepFullFiles: boolean;
  /** The first line of a day begins a new file. */
  readonly rotateDaily: boolean;
}

/**
 * Letters, digits, `_`, `-` and single spaces between them (the scripts of EC2 Macs write as `AWS Cloud Connect Service`), so that the
 * name can be nothing but a name: no dot, no slash, no empty text.
 */
export const isServiceName = (name: string): boolean =>
  name.length <= MAX_SERVICE_NAME_LENGTH && /^[A-Za-z0-9][A-Za-z0-9_-]*( [A-Za-z0-9_-]+)*$/.test(name);

/** The first line of each file (anka.md §6). */
export function headLine(unixMs: number): string {
  const [day = '', time = ''] = new Date(unixMs).toISOString().slice(0, 19).split('T');
  return `Log file created at: ${day.replaceAll('-', '/')} ${time}\n`;
}

/** What is written for an entry: its lines, each after the name of its machine, because several machines write into one file. */
export function linesOf({ service, machineName = '', host = '', content }: LogEntry): string {
  const lines = content.replace(/\r?\n$/, '').split(/\r?\n/);
  const from = [machineName, host].map(oneWord).filter((word) => word !== '');
  const head = service === EVENT_SERVICE || from.length === 0 ? '' : `${from.join(' ')} `;
  return lines.map((line) => `${head}${line}\n`).join('');
}

/** Nothing that a name holds may look like another line, or another word. */
const oneWord = (name: string): string => name.replace(/[^\x21-\x7e]+/g, '_');
