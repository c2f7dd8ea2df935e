import type { AttemptResult } from '../sender.js';
import { endpointOf } from '../store/store-under-test.contract.js';
import type { Due, Endpoint } from '../store/delivery-store.js';
import { Lane, type LaneRules, type Shipment } from './lane.js';
import { BREAKER_FAILURES } from './pace.js';

const RULES: LaneRules = { retryScheduleMs: [5_000, 300_000, 1_800_000], disableAfterMs: 3_600_000 };
const MIDDLE = 0.5;
const dueOf = (sequence: number, more: Partial<Due> = {}): Due => ({
  ...{ endpointId: 'a', sequence, eventId: `e${sequence}`, type: 'T', attempts: 0, inMs: 0, body: '{}' },
  ...more,
});
const dues = (...sequences: number[]): Due[] => sequences.map((sequence) => dueOf(sequence));
const yes: AttemptResult = { outcome: 'delivered', status: 200, latencyMs: 1, request: '', response: '' };
const no = (status = 500, more: Partial<AttemptResult> = {}): AttemptResult => ({
  ...{ outcome: 'failed', status, latencyMs: 1, request: '', response: '', error: `answers ${status}` },
  ...more,
});

const laneFor = (more: Partial<Endpoint> = {}, rules = RULES): Lane =>
  new Lane({ endpoint: endpointOf('a', more), epoch: 1 }, rules, 0);
const sequencesOf = (shipment: Shipment | undefined): number[] => (shipment ?? []).map(({ sequence }) => sequence);
/** All that may go out at this moment. */
function all(lane: Lane, now: number): Shipment[] {
  const sent: Shipment[] = [];
  for (let next = lane.next(now); next !== undefined; next = lane.next(now)) sent.push(next);
  return sent;
}
function fail(lane: Lane, now: number, result = no()): ReturnType<Lane['finish']> {
  const shipment = lane.next(now);
  if (shipment === undefined) throw new Error(`nothing to send at ${now}`);
  return lane.finish(shipment, result, now, MIDDLE);
}

describe('a lane', () => {
  it('sends as many at once as its endpoint allows, in the order in which they came', () => {
    const lane = laneFor({ concurrency: 3 });
    lane.offer(dues(1, 2, 3, 4, 5), 0);
    const sent = all(lane, 0);
    expect(sent.map(sequencesOf)).toEqual([[1], [2], [3]]);
    lane.finish(sent[1] as Shipment, yes, 1, MIDDLE);
    expect(sequencesOf(lane.next(1))).toEqual([4]);
    expect(lane.next(1)).toBeUndefined();
  });

  it('knows what it has until it is written down, and takes none of it twice', () => {
    const lane = laneFor({ concurrency: 1 });
    lane.offer(dues(1, 2), 0);
    const [first] = all(lane, 0);
    expect(lane.held).toEqual([2, 1]);
    lane.finish(first as Shipment, yes, 0, MIDDLE);
    lane.offer(dues(1, 2), 0);
    expect(lane.held).toEqual([2, 1]);
    lane.settled([1]);
    expect(lane.held).toEqual([2]);
    expect(lane.isQuiet).toBe(true);
  });

  it('puts as many into a request as wait, up to the size of a batch', () => {
    const lane = laneFor({ batchSize: 3, concurrency: 2 });
    lane.offer(dues(1, 2, 3, 4), 0);
    expect(all(lane, 0).map(sequencesOf)).toEqual([[1, 2, 3], [4]]);
  });

  it('cuts a batch before it has too many bytes, and sends what the archive has lost alone', () => {
    const lane = laneFor({ batchSize: 10, concurrency: 10 });
    const body = 'x'.repeat(300 * 1024);
    lane.offer([...dues(1), dueOf(2, { body }), dueOf(3, { body }), dueOf(4, { body: undefined }), ...dues(5)], 0);
    expect(all(lane, 0).map(sequencesOf)).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('has so many requests per second, and one second’s worth at once', () => {
    const lane = laneFor({ ratePerS: 2, concurrency: 100 });
    lane.offer(dues(1, 2, 3, 4, 5, 6), 0);
    expect(all(lane, 0)).toHaveLength(2);
    expect(lane.sendableAt(0)).toBe(500);
    expect(all(lane, 499)).toHaveLength(0);
    expect(all(lane, 500)).toHaveLength(1);
    expect(all(lane, 60_000)).toHaveLength(2);
  });
});

describe('what failed', () => {
  it('is tried again after each step of the schedule, and is a dead letter after the last', () => {
    const results = [0, 1, 2, 3].map((attempts) => {
      const lane = laneFor();
      lane.offer([dueOf(1, { attempts })], 0);
      const [{ becomes, inMs, attempts: counted } = { becomes: '', inMs: 0, attempts: 0 }] = fail(lane, 0);
      return [becomes, inMs, counted];
    });
    expect(results).toEqual([
      ['due', 5_000, 1],
      ['due', 300_000, 2],
      ['due', 1_800_000, 3],
      ['dead', 0, 4],
    ]);
  });

  it('comes back a tenth sooner or later, as chance will have it', () => {
    const inMs = [0, 1].map((chance) => {
      const lane = laneFor();
      lane.offer(dues(1), 0);
      return lane.finish(lane.next(0) as Shipment, no(), 0, chance)[0]?.inMs;
    });
    expect(inMs).toEqual([4_500, 5_500]);
  });

  it('waits as long as the receiver asks, if that is longer, but not for ever', () => {
    const inMs = [1_000, 60_000, 10 ** 12].map((retryAfterMs) => {
      const lane = laneFor();
      lane.offer(dues(1), 0);
      return fail(lane, 0, no(503, { retryAfterMs }))[0]?.inMs;
    });
    expect(inMs).toEqual([5_000, 60_000, 86_400_000]);
  });

  it('is told when it comes back', () => {
    const lane = laneFor();
    lane.offer(dues(1), 0);
    fail(lane, 1_000);
    expect([lane.nextRetryAt, lane.takeRetry(5_999), lane.takeRetry(6_000), lane.nextRetryAt]).toEqual([
      ...[6_000, false, true],
      Infinity,
    ]);
  });
});

describe('in strict order', () => {
  it('one request is under way, and what failed keeps all others waiting', () => {
    const lane = laneFor({ ordered: true, concurrency: 8 });
    lane.offer(dues(3, 1, 2), 0);
    expect(all(lane, 0).map(sequencesOf)).toEqual([[1]]);
    lane.finish(dues(1), no(), 0, MIDDLE);
    lane.offer(dues(4), 0);
    expect([lane.next(4_999), lane.sendableAt(0)]).toEqual([undefined, 5_000]);
    expect(sequencesOf(lane.next(5_000))).toEqual([1]);
    lane.finish([dueOf(1, { attempts: 1 })], yes, 5_000, MIDDLE);
    expect(sequencesOf(lane.next(5_000))).toEqual([2]);
  });

  it('one that the store says is not due yet keeps the others waiting, too', () => {
    const lane = laneFor({ ordered: true });
    lane.offer([dueOf(1, { inMs: 7_000 }), dueOf(2)], 0);
    expect([lane.next(0), sequencesOf(lane.next(7_000))]).toEqual([undefined, [1]]);
  });

  it('the end of the schedule disables the endpoint; nothing is left out', () => {
    const lane = laneFor({ ordered: true });
    lane.offer([dueOf(1, { attempts: 3 }), dueOf(2)], 0);
    const [settlement] = fail(lane, 0);
    expect(settlement?.becomes).toBe('due');
    expect(lane.disabling).toContain('after 4 attempts');
    expect([lane.next(10 ** 9), lane.room]).toEqual([undefined, 0]);
  });
});

describe('the breaker', () => {
  const open = (): Lane => {
    const lane = laneFor({ concurrency: 1 });
    lane.offer(
      Array.from({ length: 16 }, (_, index) => dueOf(index + 1)),
      0,
    );
    for (let count = 0; count < BREAKER_FAILURES; count++) fail(lane, 0);
    return lane;
  };

  it('opens after failures in a row; then one probe goes out now and then, ever more seldom', () => {
    const lane = open();
    expect(lane.isBreakerOpen).toBe(true);
    const pauses: number[] = [];
    for (let now = lane.sendableAt(0), count = 0; count < 9; count++) {
      fail(lane, now);
      lane.offer([dueOf(100 + count)], now);
      pauses.push(lane.sendableAt(now) - now);
      now = lane.sendableAt(now);
    }
    expect(pauses).toEqual([7_500, 15_000, 30_000, 60_000, 120_000, 225_000, 225_000, 225_000, 225_000]);
  });

  it('keeps in memory no more than the next probe', () => {
    expect(open().held.length).toBe(BREAKER_FAILURES + 1);
  });

  it('closes with the first success, and everything goes out again', () => {
    const lane = open();
    const now = lane.sendableAt(0);
    lane.finish(lane.next(now) as Shipment, yes, now, MIDDLE);
    lane.offer(dues(50, 51), now);
    expect([lane.isBreakerOpen, sequencesOf(lane.next(now))]).toEqual([false, [50]]);
  });
});

describe('a receiver that has too much', () => {
  it.each([429, 502, 503, 504])('and says so by %i gets half as many requests, after a pause', (status) => {
    const lane = laneFor({ concurrency: 8 });
    lane.offer(dues(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 0);
    const sent = all(lane, 0);
    for (const shipment of sent.slice(0, 7)) lane.finish(shipment, yes, 0, MIDDLE);
    lane.finish(sent[7] as Shipment, no(status), 0, MIDDLE);
    expect(lane.sendableAt(0)).toBe(1_000);
    expect(all(lane, 1_000)).toHaveLength(4);
  });

  it('is left alone as long as it asks for', () => {
    const lane = laneFor();
    lane.offer(dues(1, 2), 0);
    fail(lane, 0, no(429, { retryAfterMs: 30_000 }));
    expect(lane.sendableAt(0)).toBe(30_000);
  });
});

describe('an endpoint is to be disabled', () => {
  it('at once when its receiver says 410', () => {
    const lane = laneFor();
    lane.offer(dues(1, 2), 0);
    expect(fail(lane, 0, no(410))[0]?.becomes).toBe('due');
    expect(lane.disabling).toContain('410');
    expect(lane.next(1)).toBeUndefined();
  });

  it('when there were nothing but failures for too long, whoever had the seat meanwhile', () => {
    const seat = { endpoint: endpointOf('a'), epoch: 2, failingForMs: 3_599_000 };
    const lane = new Lane(seat, RULES, 0);
    lane.offer(dues(1, 2), 0);
    fail(lane, 0);
    expect(lane.disabling).toBeUndefined();
    fail(lane, 1_000);
    expect(lane.disabling).toContain('answers 500');
  });

  it('not when one success was between', () => {
    const lane = laneFor();
    lane.offer(dues(1, 2, 3), 0);
    fail(lane, 0);
    lane.finish(lane.next(10) as Shipment, yes, 10, MIDDLE);
    fail(lane, 3_600_005);
    expect([lane.disabling, lane.health(), lane.health()]).toEqual([undefined, 'well', undefined]);
  });

  it('and has another chance when somebody changes it', () => {
    const lane = laneFor();
    lane.offer(dues(1, 2), 0);
    fail(lane, 0, no(410));
    lane.become(endpointOf('a', { version: 2 }));
    expect(sequencesOf(lane.next(0))).toEqual([2]);
  });
});
