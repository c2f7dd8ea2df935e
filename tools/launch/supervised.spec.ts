import { describe, expect, it } from '@jest/globals';
import type { Exit } from '../services/daemon.js';
import { Supervised, type RestartPolicy, type Running } from './supervised.js';

const POLICY: RestartPolicy = { firstPauseMs: 1, longestPauseMs: 2, healthyAfterMs: 60_000, mostInARow: 3 };

/** A process that ends when the test says so. */
class Stand implements Running {
  readonly exited: Promise<Exit>;
  crash: () => void = () => undefined;
  stopped = false;

  constructor(readonly pid: number) {
    this.exited = new Promise((resolve) => (this.crash = () => resolve({ code: 1, signal: null })));
  }

  stop(): Promise<void> {
    this.stopped = true;
    this.crash();
    return Promise.resolve();
  }
}

function supervise(begin?: (count: number) => Stand) {
  const started: Stand[] = [];
  const lines: string[] = [];
  const givenUp: Error[] = [];
  const start = (): Promise<Running> => {
    const stand = begin ? begin(started.length + 1) : new Stand(started.length + 1);
    started.push(stand);
    return Promise.resolve(stand);
  };
  const one = new Supervised(
    'api',
    start,
    (line) => lines.push(line),
    (cause) => givenUp.push(cause),
    POLICY,
  );
  return { one, started, lines, givenUp };
}

async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 1_000 && !condition(); look++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(condition()).toBe(true);
}

describe('a supervised process', () => {
  it('is started again after a crash, and that is told', async () => {
    const { one, started, lines } = supervise();
    await one.start();
    started[0]?.crash();
    await until(() => one.pid === 2);
    expect(lines).toEqual(['  ! api ended with exit code 1; started again in 0.001 s (1 of 3)']);
    await one.stop();
    expect(started[1]?.stopped).toBe(true);
  });

  it('is given up after too many crashes in a row', async () => {
    const { one, started, givenUp } = supervise();
    await one.start();
    for (let crash = 1; crash <= POLICY.mostInARow + 1; crash++) {
      await until(() => started.length === crash);
      started[crash - 1]?.crash();
    }
    await until(() => givenUp.length === 1);
    expect(givenUp[0]?.message).toBe('api ended with exit code 1, 4 times in a row: it is not started again');
    expect(started).toHaveLength(POLICY.mostInARow + 1);
    await one.stop();
  });

  it('counts a start that fails like a crash', async () => {
    const { one, started, givenUp, lines } = supervise((count) => {
      if (count > 1) throw new Error('no room');
      return new Stand(count);
    });
    await one.start();
    started[0]?.crash();
    await until(() => givenUp.length === 1);
    expect(lines[1]).toMatch(/cannot be started \(no room\); started again .*\(2 of 3\)/);
    await one.stop();
  });

  it('is not started again once it is being stopped', async () => {
    const { one, started } = supervise();
    await one.start();
    await one.stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(started).toHaveLength(1);
  });

  it('throws when the first start fails, instead of trying again', async () => {
    const { one, started } = supervise(() => {
      throw new Error('no such program');
    });
    await expect(one.start()).rejects.toThrow('no such program');
    expect(started).toHaveLength(0);
  });
});
