import { canonicalJson, fold } from '../../../../libs/domain/src/testing/index.js';
import { type LoggedEvent, LogCut } from '#events';
import { MemoryBookmarks, MemoryEventLog, MemoryLogKeeper, MemoryNats, VirtualClock } from '#events/testing';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import type { Retention } from './retention.js';
import { Upkeep, type UpkeepDone } from './upkeep.js';

const HOUR_MS = 3_600_000;
const MARGIN = 50;
const RETENTION: Retention = {
  ...{ eventsMs: HOUR_MS, commandsMs: undefined, lookMs: 60_000 },
  ...{ minEvents: 100, marginEvents: MARGIN },
};

/** A log with the life of a fleet in it, an hour old, that the readers have read. */
class Archive {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly nats: MemoryNats;
  readonly history = new FleetHistory({ seed: 4, nodes: 3 });
  readonly told: UpkeepDone[] = [];
  readonly faults: string[] = [];
  private requests = 0;
  /** The process dies with this request. */
  dieAt = Infinity;
  private processes = 0;

  constructor() {
    this.nats = new MemoryNats(this.clock, {
      network: ({ client, kind }) => (client.startsWith('doomed') && kind === 'request' && this.die() ? 'lost' : 0),
    });
  }

  async live(ticks: number): Promise<void> {
    const link = this.nats.connect('writer');
    const appender = new MemoryEventLog(link).appender(this.nats.events.last);
    const events = this.nats.events.last === 0 ? this.history.found() : [];
    for (let tick = 0; tick < ticks; tick++) events.push(...this.history.tick());
    await appender.append(events);
    await this.clock.advanceBy(2 * HOUR_MS);
  }

  async read(names: readonly string[] = ['archive', 'projection'], sequence = this.nats.events.last): Promise<void> {
    const bookmarks = new MemoryBookmarks(this.nats.connect('reader'));
    for (const name of names) {
      const kept = await bookmarks.read(name);
      await bookmarks.move(name, { incarnation: this.nats.incarnation, sequence, done: [] }, kept?.revision ?? 0);
    }
  }

  /** Lets a control plane look after the log once; whether it lived through it. */
  async look(name = 'leader', retention = RETENTION): Promise<boolean> {
    const link = this.nats.connect(name);
    const upkeep = new Upkeep({
      log: new MemoryEventLog(link),
      keeper: new MemoryLogKeeper(link),
      bookmarks: new MemoryBookmarks(link),
      clock: this.clock,
      retention,
      termId: `${name}-${++this.processes}`,
      tell: (done) => this.told.push(done),
      onFault: (cause) => this.faults.push(String(cause)),
    });
    const crash = new AbortController();
    this.onDeath = () => {
      link.close();
      crash.abort();
    };
    let done: boolean | undefined;
    void upkeep.once(crash.signal).then(
      () => (done = true),
      () => (done = false),
    );
    for (let n = 0; done === undefined && n < 5000; n++) await this.clock.advanceBy(5);
    return done ?? false;
  }

  async remnant(): Promise<number | undefined> {
    return (await new MemoryLogKeeper(this.nats.connect('onlooker')).remnant())?.remnant.through;
  }

  /** What whoever starts now makes of the log. */
  async memory(): Promise<unknown> {
    const { outcomes: _, ...rest } = canonicalJson(
      fold((await this.events()).flatMap(({ recorded }) => recorded ?? [])),
    ) as { outcomes: unknown };
    return rest;
  }

  async events(from = 1): Promise<readonly LoggedEvent[]> {
    const feed = new MemoryEventLog(this.nats.connect('newcomer')).follow(from);
    const events: LoggedEvent[] = [];
    for await (const event of feed) {
      events.push(event);
      if (event.sequence === this.nats.events.last) feed.stop();
    }
    return events;
  }

  private onDeath: () => void = () => undefined;

  private die(): boolean {
    if (++this.requests < this.dieAt) return false;
    this.onDeath();
    return true;
  }
}

describe('the upkeep of the log', () => {
  it('cuts off what is old, and whoever reads the log from its beginning knows the same as before', async () => {
    const archive = new Archive();
    await archive.live(400);
    await archive.read();
    const [before, { last }] = [await archive.memory(), archive.nats.events];
    expect(await archive.look()).toBe(true);
    const [done] = archive.told;
    expect(archive.nats.events.first).toBe(done?.firstEvent);
    expect(done?.firstEvent).toBeGreaterThan(last - 3 * MARGIN);
    expect(done?.remnantThrough).toBeGreaterThanOrEqual((done?.firstEvent ?? 0) + MARGIN - 1);
    expect(done?.remnantEvents).toBeLessThan(last / 2);
    expect(await archive.memory()).toEqual(before);
    await expect(archive.events(2)).rejects.toBeInstanceOf(LogCut);
  });

  it('does so again and again', async () => {
    const archive = new Archive();
    for (let round = 0; round < 4; round++) {
      await archive.live(150);
      await archive.read();
      const before = await archive.memory();
      expect(await archive.look()).toBe(true);
      expect(await archive.memory()).toEqual(before);
    }
    const firsts = archive.told.map(({ firstEvent }) => firstEvent);
    expect(firsts).toEqual([...new Set(firsts)].sort((a, b) => a - b));
    expect(archive.nats.drafts.size).toBeLessThanOrEqual(2);
  });

  it('leaves alone what is young, what a reader has not read, and what is not worth it', async () => {
    const archive = new Archive();
    await archive.live(200);
    const first = async (): Promise<number> => {
      await archive.look();
      return archive.nats.events.first;
    };
    expect(await first()).toBe(1);
    await archive.read(['projection']);
    expect(await first()).toBe(1);
    await archive.read(['archive'], 260);
    expect(await first()).toBe(1 + 260 - MARGIN - (260 - ((await archive.remnant()) ?? 0)));
    await archive.read(['archive']);
    await archive.read(['anka.receiver'], 300);
    expect(await first()).toBeLessThan(300);
    await archive.look('leader', { ...RETENTION, eventsMs: 100 * HOUR_MS });
    expect(archive.nats.events.first).toBeLessThan(300);
  });

  it('may die at any step: the next one finds everything as it must be, and finishes', async () => {
    for (let step = 1; ; step++) {
      const archive = new Archive();
      await archive.live(60);
      await archive.read();
      const before = await archive.memory();
      archive.dieAt = step;
      const lived = await archive.look('doomed');
      expect(await archive.memory()).toEqual(before);
      expect(await archive.look()).toBe(true);
      expect(await archive.memory()).toEqual(before);
      expect(archive.nats.events.first).toBeGreaterThan(1);
      if (!lived) continue;
      expect(step).toBeGreaterThan(10);
      return;
    }
  }, 120_000);
});
