import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A text of lines that is written once and then read, as often as one likes. */
export interface LineBook {
  write(line: string): void;
  /** Nothing more will be written. */
  close(): void;
  lines(): Iterable<string>;
}

export class MemoryBook implements LineBook {
  readonly all: string[] = [];

  write(line: string): void {
    this.all.push(line);
  }

  close(): void {}

  lines(): Iterable<string> {
    return this.all;
  }
}

const CHUNK_BYTES = 1 << 20;

/** Lines in a file, which it replaces. */
export class FileBook implements LineBook {
  private readonly fd: number;
  private pending: string[] = [];
  private pendingLength = 0;

  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.fd = openSync(path, 'w');
  }

  write(line: string): void {
    this.pending.push(line, '\n');
    this.pendingLength += line.length;
    if (this.pendingLength >= CHUNK_BYTES) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }

  *lines(): Iterable<string> {
    const fd = openSync(this.path, 'r');
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      // The rest of a line that the last chunk began. Bytes, because a character may be cut in two.
      let rest = Buffer.alloc(0);
      for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
        const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
        const end = bytes.lastIndexOf(10) + 1;
        rest = Buffer.from(bytes.subarray(end));
        if (end > 0) yield* bytes.toString('utf8', 0, end - 1).split('\n');
      }
    } finally {
      closeSync(fd);
    }
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending.join(''), 'utf8');
    for (let at = 0; at < bytes.length; at += writeSync(this.fd, bytes, at));
    this.pending = [];
    this.pendingLength = 0;
  }
}
