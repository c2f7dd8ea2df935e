import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { rolls, runs } from '../../domain/src/testing/arbitraries.js';
import { canonical, fold, play } from '../../domain/src/testing/index.js';
import { checkCommand } from './check-command.js';
import { decodeCommand, decodeEvent, encodeCommand, encodeEvent } from './cloud-event.js';
import { causeOf, type CommandEnvelope } from './envelope.js';
import { commandSubject, eventSubject } from './subjects.js';

const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('in every history', () => {
  it('events and commands come off the wire as they went on it, and fold into the same cluster', () => {
    fc.assert(
      fc.property(rolls(60), (steps) => {
        const { events, chapters, cluster } = play(steps);
        const decoded = events.map((event) => decodeEvent(wire(encodeEvent(event)), event.sequence));
        deepStrictEqual(decoded, events);
        deepStrictEqual(canonical(fold(decoded.filter((event) => event !== undefined))), canonical(cluster));
        for (const { command: recorded } of chapters) {
          const { command, cause, time } = recorded;
          const envelope: CommandEnvelope = { ...cause, time, command };
          const back = decodeCommand(wire(encodeCommand(envelope)));
          deepStrictEqual(back.command, wire(command));
          deepStrictEqual(
            { cause: causeOf(cause.sequence, back, back.command.type), time: back.time },
            { cause, time },
          );
          deepStrictEqual(checkCommand(back.command), undefined);
        }
      }),
      runs(200),
    );
  });

  it('every subject is made of tokens that NATS takes for one word each', () => {
    fc.assert(
      fc.property(rolls(30), (steps) => {
        const { events, chapters } = play(steps);
        for (const { event } of events) expect(eventSubject(event)).toMatch(/^muster\.evt(\.[A-Za-z0-9_=-]+){3}$/);
        for (const { command } of chapters)
          expect(commandSubject(command.command)).toMatch(/^muster\.(cmd|rpt)(\.[A-Za-z0-9_=-]+){2}$/);
      }),
      runs(50),
    );
  });
});
