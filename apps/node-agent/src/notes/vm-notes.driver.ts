import { type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NoteTable } from './note-table.js';
import { MAX_NOTED_OUTPUT_LENGTH, type VmNote, type VmNotes } from './vm-notes.js';

/** The file is rewritten when it has this many lines, and more than four times as many as there are notes. */
const MIN_LINES_BEFORE_REWRITE = 2000;

interface Waiting {
  readonly line: string;
  readonly done: () => void;
  readonly failed: (cause: unknown) => void;
}

/**
 * Notes in one file of JSON lines: the last line of a VM counts. Lines that come while the disk is busy are written together. A
 * half line at the end is what a crash leaves, and was never promised to anybody.
 */
export class FileVmNotes implements VmNotes {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #lines = 0;

  private constructor(
    private readonly path: string,
    private readonly table: NoteTable,
    private file: FileHandle,
  ) {}

  /** Reads the notes, or begins with none. Throws when the file cannot be read or written. */
  static async open(path: string): Promise<FileVmNotes> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const table = new NoteTable();
    for (const [vmId, note] of await readNotes(path)) table.set(vmId, note);
    const notes = new FileVmNotes(path, table, await rewrite(path, table));
    notes.#lines = table.size;
    return notes;
  }

  get(vmId: string): VmNote | undefined {
    return this.table.get(vmId);
  }

  put(vmId: string, note: VmNote): Promise<void> {
    this.table.set(vmId, note);
    return this.#append(vmId, note);
  }

  end(vmId: string, epoch: number): Promise<void> {
    return this.put(vmId, { epoch, ended: true });
  }

  open(): Iterable<string> {
    return this.table.open();
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.file.close();
  }

  #append(vmId: string, note: VmNote): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line: lineOf(vmId, note), done, failed });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ line }) => line));
        for (const { done } of batch) done();
      } catch (error) {
        // Half a line may be there: the next write begins a clean file.
        this.#lines = Number.POSITIVE_INFINITY;
        const cause = new Error(`Cannot write ${batch.length} notes to ${this.path}`, { cause: error });
        for (const { failed } of batch) failed(cause);
      }
    }
    this.#writing = undefined;
  }

  async #write(lines: readonly string[]): Promise<void> {
    this.#lines += lines.length;
    if (this.#lines > Math.max(MIN_LINES_BEFORE_REWRITE, 4 * this.table.size)) {
      const before = this.file;
      this.file = await rewrite(this.path, this.table);
      this.#lines = this.table.size;
      await before.close();
      return;
    }
    await this.file.appendFile(lines.join(''));
    await this.file.datasync();
  }
}

async function readNotes(path: string): Promise<[string, VmNote][]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`Cannot read the notes in ${path}`, { cause: error });
  });
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as [string, VmNote];
    } catch (error) {
      throw new Error(`Cannot read line ${index + 1} of ${path}: it must be JSON`, { cause: error });
    }
  });
}

/** Replaces the file by one that holds just the table, and opens it for appending. */
async function rewrite(path: string, table: NoteTable): Promise<FileHandle> {
  const next = `${path}.new`;
  const lines = [...table.entries()].map(([vmId, note]) => lineOf(vmId, note));
  await writeFile(next, lines.join(''), { mode: 0o600, flush: true });
  await rename(next, path);
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
  return open(path, 'a', 0o600);
}

function lineOf(vmId: string, note: VmNote): string {
  return `${JSON.stringify([vmId, note], (key, value: unknown) =>
    (key === 'stdout' || key === 'stderr') && typeof value === 'string' ? value.slice(-MAX_NOTED_OUTPUT_LENGTH) : value,
  )}\n`;
}
