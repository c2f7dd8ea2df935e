import { emptyCluster } from '#domain';
import { MemoryBook } from './books.js';
import { OURS } from './placements.js';
import { live } from './testing.js';
import { type Evidence, verify } from './verify.js';
import { fold } from '../../../libs/domain/src/testing/history.js';
import { type CloudEvent, decodeEvent, encodeCommand } from '#events';

const lived = live({ nodes: 4, vms: 30 });

/** An honest run, whose books somebody then forges. */
function breachesOf(forge: (books: { events: string[]; commands: string[] }) => void): string {
  const books = { events: [...lived.events], commands: [...lived.commands] };
  const cluster = fold(
    books.events
      .map((line, index) => decodeEvent(JSON.parse(line) as CloudEvent, index + 1))
      .filter((e) => e !== undefined),
  );
  forge(books);
  const [commandBook, eventBook] = [new MemoryBook(), new MemoryBook()];
  for (const line of books.commands) commandBook.write(line);
  for (const line of books.events) eventBook.write(line);
  const remains = { held: new Map<string, string[]>(), waiting: new Map<string, number>() };
  const evidence: Evidence = { commandBook, eventBook, cluster, blank: () => OURS.blank(1), remains };
  return verify(evidence).breaches.join('\n');
}

describe('the books of a run', () => {
  it('are found in order when nobody touched them', () => expect(breachesOf(() => undefined)).toBe(''));

  it('are found forged when an event was changed', () => {
    const forged = breachesOf(({ events }) => {
      const index = events.findIndex((line) => line.includes('muster.vm.VMStarted'));
      events[index] = (events[index] ?? '').replace('"guestIp":"10.0.2.15"', '"guestIp":"10.0.2.16"');
    });
    expect(forged).toContain('is not what its command gives');
  });

  it('are found forged when the last event is missing', () => {
    const forged = breachesOf(({ events }) => events.pop());
    expect(forged).toContain('is not what its command gives');
    expect(forged).toContain('the fold of the log is another cluster');
  });

  it('are found forged when a command was slipped in', () => {
    const forged = breachesOf(({ commands }) => {
      const drain = { type: 'ConfigNode', nodeId: 'node-0001', config: { drain: true } } as const;
      const time = Date.UTC(2026, 0, 3);
      commands.push(
        JSON.stringify(
          encodeCommand({ id: 'slipped-in', time, actor: 'somebody', correlationId: 'x', command: drain }),
        ),
      );
    });
    expect(forged).toContain('is not what its command gives');
  });

  it('are found forged when the commands were said in another order', () => {
    const forged = breachesOf(({ commands }) => commands.reverse());
    expect(forged).toContain('the replay of the commands is another cluster');
  });

  it('are found wanting when a waiting VM is not told why of every node', () => {
    const [commandBook, eventBook] = [new MemoryBook(), new MemoryBook()];
    const cluster = emptyCluster();
    const remains = { held: new Map<string, string[]>(), waiting: new Map([['vm-1', 3]]) };
    const laws = verify({ commandBook, eventBook, cluster, blank: () => emptyCluster(), remains });
    expect(laws.breaches.join()).toContain('only 3 of 0 nodes say why');
  });
});
