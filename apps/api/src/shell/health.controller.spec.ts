import type { FastifyReply } from 'fastify';
import { VirtualClock } from '#events/testing';
import { HealthController } from './health.controller.js';
import { HealthWatch, type Part, PARTS, type Probe } from './health-watch.js';
import { Metrics } from './metrics.system.js';

/** What is answered when these parts are away. */
async function answerWithout(away: readonly Part[]): Promise<{ status: number; body: unknown }> {
  const probe =
    (part: Part): Probe =>
    async () =>
      away.includes(part) ? 'is away' : undefined;
  const probes = Object.fromEntries(PARTS.map((part) => [part, probe(part)])) as Record<Part, Probe>;
  const clock = new VirtualClock();
  const watch = new HealthWatch(probes, clock);
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await clock.advanceBy(0);
  stop.abort();
  await running;
  const answer = { status: 200, body: undefined as unknown };
  const reply = {
    code: (status: number) => ((answer.status = status), reply),
    header: () => reply,
    send: (body: unknown) => ((answer.body = body), reply),
  };
  new HealthController(watch, new Metrics()).ready(reply as unknown as FastifyReply);
  return answer;
}

describe('readiness', () => {
  test('is there when nothing is away', async () => {
    expect(await answerWithout([])).toEqual({ status: 200, body: { ready: true } });
  });

  test('is there without the archive, which is named', async () => {
    const body = { ready: true, impaired: { archive: 'is away' } };
    expect(await answerWithout(['archive'])).toEqual({ status: 200, body });
  });

  test('is not there without anything else', async () => {
    for (const part of PARTS.filter((one) => one !== 'archive')) {
      const body = { ready: false, away: { [part]: 'is away' }, impaired: { archive: 'is away' } };
      expect(await answerWithout([part, 'archive'])).toEqual({ status: 503, body });
    }
  });
});
