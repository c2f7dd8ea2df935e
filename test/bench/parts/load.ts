import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '../../support/anka-client.js';
import type { RawHttp } from './raw-http.js';
import type { VmNews } from './vm-news.js';

/** A lifecycle that takes longer, after the load has ended, will never end. */
const STUCK_MS = 30_000;
/** Of so many lifecycles one is looked at through the API, too. */
const SAMPLE_EVERY = 200;

/** The stages of a lifecycle: a request, its fulfilment, and the same again. */
export type Stage = 'POST' | 'start' | 'DELETE' | 'end';

/** What was observed so far. */
export class Tally {
  done = 0;
  wrong: string[] = [];
  /** How long each stage took, ms. */
  readonly stageMs: Record<Stage, number[]> = { POST: [], start: [], DELETE: [], end: [] };
}

export class Load {
  private count = 0;
  private over = false;
  /** What each lifecycle under way waits for. */
  private readonly stages = new Map<number, string>();

  constructor(
    private readonly http: RawHttp,
    private readonly news: VmNews,
    private readonly template: string,
    readonly tally: Tally,
  ) {}

  /** As many lifecycles at once as asked, each followed by the next, for so long. */
  async saturate(concurrent: number, seconds: number): Promise<void> {
    this.over = false;
    const workers = Array.from({ length: concurrent }, async () => {
      while (!this.over) await this.lifecycle(performance.now());
    });
    await pause(seconds * 1000);
    this.over = true;
    await this.allDone(workers);
  }

  /** Lifecycles that begin at fixed times. */
  async pace(perSecond: number, seconds: number): Promise<void> {
    const begin = performance.now();
    const all: Promise<void>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      const due = begin + (n * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      all.push(this.lifecycle(due));
    }
    await this.allDone(all);
  }

  /** Waits for the last lifecycles; one that gets stuck is an error, not a slow one. */
  private async allDone(lifecycles: readonly Promise<void>[]): Promise<void> {
    const late = new AbortController();
    const limit = pause(STUCK_MS, undefined, { signal: late.signal }).then(() => {
      const stages = [...this.stages.values()];
      throw new Error(`${stages.length} lifecycles are stuck: ${stages.slice(0, 20).join(', ')}`);
    });
    try {
      await Promise.race([Promise.all(lifecycles), limit]);
    } finally {
      late.abort();
      limit.catch(() => undefined);
    }
  }

  /** POST → Started → DELETE → Terminated. The first stage counts from `due`. */
  private async lifecycle(due: number): Promise<void> {
    const own = ++this.count;
    const isSample = own % SAMPLE_EVERY === 0;
    let since = due;
    let id = '';
    const stage = async <T>(name: Stage, work: () => Promise<T>): Promise<T> => {
      this.stages.set(own, `${name} ${id}`);
      const result = await work();
      const now = performance.now();
      this.tally.stageMs[name].push(now - since);
      since = now;
      return result;
    };
    const posted = await stage('POST', () => this.http.ask('POST', '/api/v1/vm', `{"vmid":"${this.template}"}`));
    id = (JSON.parse(posted.body) as { body?: string[] }).body?.[0] ?? '';
    if (posted.status !== 200 || id === '') throw new Error(`POST answered ${posted.status}: ${posted.body}`);
    await stage('start', () => this.news.hears(id, 'VMStarted'));
    if (isSample) await this.expectState(id, 'Started');
    const deleted = await stage('DELETE', () => this.http.ask('DELETE', '/api/v1/vm', `{"id":"${id}"}`));
    if (deleted.status !== 200) throw new Error(`DELETE answered ${deleted.status}: ${deleted.body}`);
    await stage('end', () => this.news.hears(id, 'VMTerminated'));
    if (isSample) await this.expectState(id, 'Terminated');
    this.stages.delete(own);
    this.tally.done++;
  }

  /** The event may be a moment ahead of the projection. */
  private async expectState(id: string, state: string): Promise<void> {
    let seen = '';
    for (let attempt = 0; attempt < 20; attempt++) {
      const { body } = await this.http.ask('GET', `/api/v1/vm?id=${id}`);
      seen = (JSON.parse(body) as { body?: Instance }).body?.instance_state ?? body;
      if (seen === state) return;
      await pause(50);
    }
    this.tally.wrong.push(`${id} is ${seen}, not ${state}`);
  }
}
