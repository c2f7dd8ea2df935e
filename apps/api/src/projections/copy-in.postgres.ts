import type pg from 'pg';

/** Rows are sent in pieces of about this size. */
const PIECE_BYTES = 1024 * 1024;
/** No text of up to this many characters can be longer as UTF-8 than what is free at the end of a piece. */
const UTF8_BYTES_PER_CHARACTER = 3;
const SPECIAL = /[\\\n\r\t]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The part of the driver's connection that the COPY protocol needs. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What the driver calls while a statement is under way. */
interface Submittable {
  submit(connection: CopyConnection): void;
}

/** Rows of text in the format of `COPY … FROM STDIN`, sent off as they come. */
export class CopyRows {
  private piece = Buffer.allocUnsafe(PIECE_BYTES);
  private used = 0;
  private inRow = false;

  constructor(private readonly connection: CopyConnection) {}

  /** The next column of the row. */
  column(value: string | number): void {
    const text = typeof value === 'number' ? String(value) : escaped(value);
    this.reserve(text.length * UTF8_BYTES_PER_CHARACTER + 2);
    if (this.inRow) this.piece[this.used++] = 0x09;
    this.used += this.piece.write(text, this.used);
    this.inRow = true;
  }

  endRow(): void {
    this.reserve(1);
    this.piece[this.used++] = 0x0a;
    this.inRow = false;
  }

  send(): void {
    // The driver copies what it is given, so the piece can be filled again.
    if (this.used > 0) this.connection.sendCopyFromChunk(this.piece.subarray(0, this.used));
    this.used = 0;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.piece.length) return;
    this.send();
    if (bytes > this.piece.length) this.piece = Buffer.allocUnsafe(bytes);
  }
}

/** Looking for one character is much quicker than matching, and nearly every text has none of them. */
function escaped(text: string): string {
  if (!text.includes('\\') && !text.includes('\n') && !text.includes('\t') && !text.includes('\r')) return text;
  return text.replace(SPECIAL, (character) => ESCAPED[character] ?? character);
}

/** Runs `COPY … FROM STDIN` with the rows that `write` gives. Rejects with what the server says, and then nothing was copied. */
export function copyIn(client: pg.ClientBase, text: string, write: (rows: CopyRows) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const copy = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection) => {
        try {
          const rows = new CopyRows(connection);
          write(rows);
          rows.send();
          connection.endCopyFrom();
        } catch (cause) {
          failure = cause as Error;
          connection.sendCopyFail('the rows could not be made');
        }
      },
      handleError: (error: Error) => reject(failure ?? error),
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => resolve(),
    };
    client.query(copy as Submittable as unknown as pg.Submittable);
  });
}
