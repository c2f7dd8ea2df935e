import { appendFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, Unavailable } from '#events';
import {
  type CentralLog,
  type CentralLogLimits,
  headLine,
  isServiceName,
  linesOf,
  type LogEntry,
  MAX_OLD_FILES,
  MAX_SERVICES,
  TooManyServices,
} from './central-log.js';

/** How often old files are looked through while none comes to be. */
const PRUNE_EVERY_MS = 3_600_000;
/** Entries that wait for the disk at most. */
const MAX_WAITING = 1_000;

/** `<dir>/<service>/<service>.log`, and beside it the old ones, `<service>.<time>.log`. */
export class DiskCentralLog implements CentralLog {
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  private readonly prunedAt = new Map<string, number>();

  constructor(
    private readonly dir: string,
    private readonly limits: CentralLogLimits,
    private readonly clock: Clock,
  ) {}

  append(entry: LogEntry): Promise<void> {
    if (!isServiceName(entry.service))
      throw new RangeError('Cannot log: the service has no name that a file could have');
    if (this.waiting >= MAX_WAITING)
      return Promise.reject(new Unavailable('blob-store', `Cannot log: ${MAX_WAITING} entries wait for the disk`));
    this.waiting++;
    const written = this.turn.then(() => this.write(entry));
    this.turn = written.catch(() => undefined).finally(() => void this.waiting--);
    return written;
  }

  private async write(entry: LogEntry): Promise<void> {
    try {
      const { service } = entry;
      const folder = join(this.dir, service);
      const file = join(folder, `${service}.log`);
      await this.admit(service, folder);
      const text = linesOf(entry);
      const now = this.clock.now();
      const size = await this.sizeAfterRotation(folder, service, Buffer.byteLength(text));
      await appendFile(file, size === 0 ? headLine(now) + text : text);
      if (now - (this.prunedAt.get(service) ?? -Infinity) >= PRUNE_EVERY_MS) await this.prune(folder, service);
    } catch (cause) {
      if (cause instanceof TooManyServices) throw cause;
      throw new Unavailable('blob-store', `Cannot write the log of a service: ${(cause as Error).message}`, { cause });
    }
  }

  private async admit(service: string, folder: string): Promise<void> {
    if (this.prunedAt.has(service)) return;
    const present = await readdir(this.dir).catch(unlessMissing);
    if (present !== undefined && !present.includes(service) && present.length >= MAX_SERVICES)
      throw new TooManyServices();
    await mkdir(folder, { recursive: true });
  }

  /** The size of the file to append to; 0: it is to be begun. */
  private async sizeAfterRotation(folder: string, service: string, moreBytes: number): Promise<number> {
    const file = join(folder, `${service}.log`);
    const found = await stat(file).catch(unlessMissing);
    if (found === undefined) return 0;
    const isFull = found.size + moreBytes > this.limits.maxFileBytes;
    const isOfAnotherDay = this.limits.rotateDaily && dayOf(found.mtimeMs) !== dayOf(this.clock.now());
    if (!isFull && !isOfAnotherDay) return found.size;
    if (isFull && !this.limits.keepFullFiles) await rm(file, { force: true });
    else await rename(file, await this.freeName(folder, service)).catch(unlessMissing);
    await this.prune(folder, service);
    return 0;
  }

  /** Names sort by age. */
  private async freeName(folder: string, service: string): Promise<string> {
    const stamp = new Date(this.clock.now()).toISOString().slice(0, 23).replace(/[-:.]/g, '');
    const taken = new Set(await readdir(folder));
    for (let n = 0; ; n++) {
      const name = `${service}.${stamp}-${String(n).padStart(4, '0')}.log`;
      if (!taken.has(name)) return join(folder, name);
    }
  }

  /** Deletes old files that are too old or too many. */
  private async prune(folder: string, service: string): Promise<void> {
    this.prunedAt.set(service, this.clock.now());
    const names = await readdir(folder);
    const old = names
      .filter((name) => name.startsWith(`${service}.`) && name !== `${service}.log`)
      .sort()
      .reverse();
    for (const [index, name] of old.entries()) {
      const found = await stat(join(folder, name)).catch(unlessMissing);
      const age = this.clock.now() - (found?.mtimeMs ?? 0);
      if (index >= MAX_OLD_FILES || age > this.limits.keepMs) await rm(join(folder, name), { force: true });
    }
  }
}

const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10);

function unlessMissing(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  return undefined;
}
