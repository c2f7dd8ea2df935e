import type { Outcome } from '#domain';
import { type CommandEnvelope, Unavailable } from '#events';
import { VirtualClock } from '#events/testing';
import { FollowerGate } from '../projections/follower-gate.js';
import { Ask, READ_YOUR_WRITES_LIMIT_MS } from './ask.js';
import { checkIdempotencyKey, derivedId, MAX_IDEMPOTENCY_KEY_LENGTH } from './command-id.js';

const command = { type: 'TerminateVM', vmId: 'vm-1' } as const;
const context = { actor: 'root', correlationId: 'build-7', commandId: 'command-1' };

function world(answer: () => Promise<Outcome>) {
  const clock = new VirtualClock(1000);
  const gate = new FollowerGate(clock);
  const sent: CommandEnvelope[] = [];
  const door = { send: (envelope: CommandEnvelope) => (sent.push(envelope), answer()) };
  return { clock, gate, sent, ask: new Ask(door, gate, clock, () => 'fresh') };
}

describe('asking', () => {
  test('returns once what was accepted can be read here', async () => {
    const { clock, gate, sent, ask } = world(async () => ({ kind: 'accepted', sequence: 9 }));
    let answered: Outcome | undefined;
    const asking = ask.command(command, { ...context, traceparent: 'trace' }).then((outcome) => (answered = outcome));
    await clock.advanceBy(10);
    expect(sent).toEqual([
      { id: 'command-1', time: 1000, actor: 'root', correlationId: 'build-7', traceparent: 'trace', command },
    ]);
    expect(answered).toBeUndefined();
    gate.advance(9);
    await asking;
    expect(answered).toEqual({ kind: 'accepted', sequence: 9 });
  });

  test('says at once why something was refused', async () => {
    const refusal = { code: 'VM_UNKNOWN', vmId: 'vm-1' } as const;
    const { ask } = world(async () => ({ kind: 'refused', refusal }));
    expect(await ask.command(command, context)).toEqual({ kind: 'refused', refusal });
  });

  test('is unavailable when the projection does not follow in time, or the door is', async () => {
    const slow = world(async () => ({ kind: 'accepted', sequence: 9 }));
    const said = expect(slow.ask.command(command, context)).rejects.toMatchObject({ dependency: 'postgres' });
    await slow.clock.advanceBy(READ_YOUR_WRITES_LIMIT_MS);
    await said;
    const away = world(() => Promise.reject(new Unavailable('control-plane', 'nobody decides')));
    await expect(away.ask.command(command, context)).rejects.toMatchObject({ dependency: 'control-plane' });
  });

  test('takes the key of the request as the id of the command, unless it cannot be one', async () => {
    const { sent, ask } = world(async () => ({ kind: 'accepted', sequence: 0 }));
    expect([ask.idFor('key-1'), ask.idFor(''), ask.idFor()]).toEqual(['key-1', 'fresh', 'fresh']);
    const outcome = await ask.command(command, { ...context, commandId: 'two\nlines' });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'INVALID', field: 'Idempotency-Key' } });
    expect(sent).toEqual([]);
    expect(checkIdempotencyKey('x'.repeat(MAX_IDEMPOTENCY_KEY_LENGTH))).toBeUndefined();
    expect(checkIdempotencyKey('x'.repeat(MAX_IDEMPOTENCY_KEY_LENGTH + 1))).toBeDefined();
  });

  test('derives ids that are the same for the same command, and different for each thing it makes', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => derivedId('command-1', n));
    expect(new Set(ids).size).toBe(1000);
    expect(derivedId('command-1', 7)).toBe(ids[7]);
    expect(derivedId('command-2', 7)).not.toBe(ids[7]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
