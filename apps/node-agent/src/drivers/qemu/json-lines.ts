/** Cuts a byte stream into lines. A line that grows past the limit is an error, not memory. */
export class LineSplitter {
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(private readonly maxLineBytes: number) {}

  /** The lines completed by this chunk. Throws when the line in the making is too long. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.keep(rest.subarray(0, end));
      lines.push(Buffer.concat(this.pending).toString('utf8'));
      this.pending = [];
      this.pendingBytes = 0;
      rest = rest.subarray(end + 1);
    }
    this.keep(rest);
    return lines;
  }

  private keep(part: Buffer): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.maxLineBytes) throw new Error(`Line is longer than ${this.maxLineBytes} bytes.`);
    if (part.length > 0) this.pending.push(part);
  }
}

export type JsonObject = Record<string, unknown>;

/** The object on the line; undefined for anything else. The guest agent puts a byte 0xff before the answer to a sync. */
export function parseLine(line: string): JsonObject | undefined {
  const start = line.indexOf('{');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(start));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
