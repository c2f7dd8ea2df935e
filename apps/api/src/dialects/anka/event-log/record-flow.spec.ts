import { nodeId, type RecordedEvent, vmId } from '#domain';
import {
  MemoryBookmarks,
  MemoryEventLog,
  MemoryLease,
  type MemoryLink,
  MemoryNats,
  VirtualClock,
} from '#events/testing';
import { type Log, silentLog } from '../../../shell/log.js';
import { flowTo } from './event-log.js';

const BEGIN = Date.UTC(2026, 2, 1, 10);

/** A log that grows, a sink that fails when it is told to, and replicas that bring one to the other. */
class World {
  readonly clock = new VirtualClock(BEGIN);
  readonly nats = new MemoryNats(this.clock);
  readonly taken: { sequence: number; name: string; instance_id: string; by: string }[] = [];
  readonly warnings: string[] = [];
  fails: (sequence: number) => boolean = () => false;
  sendMs = 5;
  private sequence = 0;
  private readonly appender = new MemoryEventLog(this.nats.connect('writer')).appender(0);

  /** A life of each VM, all mixed. */
  async live(vms: number, salt = 'vm'): Promise<void> {
    const events = Array.from({ length: vms }, (_, n) => vmId(`${salt}-${n}`));
    const node = nodeId('mac-01');
    const all = [
      ...events.map((id) => ({ type: 'VMScheduled', vmId: id, nodeId: node, attempt: 1 }) as const),
      ...events.map((id) => ({ type: 'TerminateVM', vmId: id }) as const),
      ...events.map((id) => ({ type: 'VMTerminated', vmId: id }) as const),
    ];
    await this.appender.append(
      all.map((event): RecordedEvent => {
        const sequence = ++this.sequence;
        const cause = { sequence, id: `c-${sequence}`, actor: 'root', correlationId: 'x' };
        return { sequence, id: `c-${sequence}:0`, time: this.clock.now(), cause, event };
      }),
    );
  }

  replica(name: string): { readonly link: MemoryLink; stop(): Promise<void>; crash(): void } {
    const link = this.nats.connect(name);
    const stop = new AbortController();
    const bus = () => ({
      log: new MemoryEventLog(link),
      bookmarks: new MemoryBookmarks(link),
      leaseOf: (seat: string) => new MemoryLease(link, seat),
    });
    const sink = { send: (text: string) => this.take(name, text) };
    const log: Log = { ...silentLog, warn: (message) => void this.warnings.push(message), child: () => log };
    const parts = { bus, clock: this.clock, log, holder: name, machineName: 'ctl' };
    const running = flowTo({ name: 'sink', sink, quickRetries: 5 }, parts).run(stop.signal);
    return { link, stop: () => (stop.abort(), running), crash: () => (link.close(), stop.abort()) };
  }

  private async take(by: string, text: string): Promise<void> {
    const record = JSON.parse(text) as World['taken'][number];
    await this.clock.sleep(this.sendMs);
    if (this.fails(record.sequence)) throw new Error('sink answers 500');
    this.taken.push({ ...record, by });
  }

  /** Each record once, those of a VM in order. */
  check(vms: number): void {
    expect(this.taken).toHaveLength(2 * vms);
    expect(new Set(this.taken.map(({ sequence }) => sequence)).size).toBe(2 * vms);
    this.checkOrder();
  }

  checkOrder(): void {
    const seen = new Map<string, number>();
    for (const { instance_id: id, sequence } of this.taken) {
      expect(sequence).toBeGreaterThan(seen.get(id) ?? 0);
      seen.set(id, sequence);
    }
  }
}

let world: World;
beforeEach(() => (world = new World()));

describe('the flow of records', () => {
  it('begins with what happens after it was switched on', async () => {
    await world.live(3, 'before');
    const replica = world.replica('a');
    await world.clock.advanceBy(2_000);
    await world.live(3);
    await world.clock.advanceBy(10_000);
    expect(world.taken.map(({ instance_id: id }) => id).sort()).toEqual([
      'vm-0',
      'vm-0',
      'vm-1',
      'vm-1',
      'vm-2',
      'vm-2',
    ]);
    await replica.stop();
  });

  it('tells everything once, each VM in order, through failures', async () => {
    const replica = world.replica('a');
    await world.clock.advanceBy(2_000);
    let attempts = 0;
    world.fails = () => ++attempts % 7 === 0;
    await world.live(200);
    await world.clock.advanceBy(600_000);
    world.check(200);
    await replica.stop();
  });

  it('does not tell again, after a restart, what was taken, though other records were not', async () => {
    const replica = world.replica('a');
    await world.clock.advanceBy(2_000);
    world.fails = (sequence) => sequence % 10 === 3;
    await world.live(30);
    await world.clock.advanceBy(20_000);
    const before = world.taken.length;
    expect(before).toBeGreaterThan(30);
    await replica.stop();
    world.fails = () => false;
    const again = world.replica('b');
    await world.clock.advanceBy(60_000);
    world.check(30);
    expect(world.taken.slice(0, before).every(({ by }) => by === 'a')).toBe(true);
    await again.stop();
  });

  it('is the work of one replica at a time, and of another as soon as that one is gone', async () => {
    const [first, second] = [world.replica('a'), world.replica('b')];
    await world.clock.advanceBy(2_000);
    await world.live(50);
    await world.clock.advanceBy(5_000);
    world.check(50);
    expect(new Set(world.taken.map(({ by }) => by)).size).toBe(1);
    const [busy, idle] = world.taken[0]?.by === 'a' ? [first, second] : [second, first];
    busy.crash();
    await world.clock.advanceBy(5_000);
    await world.live(50, 'later');
    await world.clock.advanceBy(10_000);
    world.check(100);
    expect(new Set(world.taken.map(({ by }) => by)).size).toBe(2);
    await idle.stop();
  });

  it('loses nothing when a replica dies in the middle, and tells again only what was under way in the last second', async () => {
    const first = world.replica('a');
    await world.clock.advanceBy(2_000);
    world.sendMs = 200;
    await world.live(300);
    await world.clock.advanceBy(3_050);
    const before = world.taken.length;
    expect(before).toBeGreaterThan(100);
    first.crash();
    await world.clock.advanceBy(1_000);
    world.sendMs = 5;
    const second = world.replica('b');
    await world.clock.advanceBy(60_000);
    expect(new Set(world.taken.map(({ sequence }) => sequence)).size).toBe(600);
    const repeated = world.taken.length - 600;
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThanOrEqual(5 * 16 + 16);
    await second.stop();
  });

  it('goes on after the message server was away, and tells nothing twice', async () => {
    const replica = world.replica('a');
    await world.clock.advanceBy(2_000);
    world.sendMs = 100;
    await world.live(100);
    await world.clock.advanceBy(300);
    world.nats.stop();
    await world.clock.advanceBy(20_000);
    world.nats.start();
    await world.clock.advanceBy(60_000);
    world.check(100);
    await replica.stop();
  });

  it('says once that it has to wait, however long that takes', async () => {
    const replica = world.replica('a');
    await world.clock.advanceBy(2_000);
    world.nats.stop();
    await world.clock.advanceBy(120_000);
    expect(world.warnings).toEqual(['the event log waits']);
    world.nats.start();
    const stopped = replica.stop();
    await world.clock.advanceBy(10_000);
    await stopped;
  });
});
