import { deepStrictEqual, ok } from 'node:assert';
import fc from 'fast-check';
import { decide } from '../decide.js';
import type { EventType } from '../events.js';
import { evolve } from '../evolve.js';
import { type Cluster, emptyCluster } from '../cluster.js';
import { place } from '../placement/place.js';
import { Turn } from '../turn.js';
import { canonical } from './canonical.js';
import type { Roll } from './dice.js';
import { rolls, runs } from './arbitraries.js';
import { placeByLookingAtAll } from './look-at-all.js';
import { fold, type History } from './history.js';
import { holdToInvariants, isWithinCapacity } from './invariants.js';
import { begin, play, playStep } from './play.js';
import { EVENT_TYPES } from './plausible-events.js';
import { holdToPrefixLaw } from './prefix-law.js';

/** What placement decides, and nobody else. */
const BY_PLACEMENT: ReadonlySet<EventType> = new Set<EventType>(['VMScheduled', 'VMDeferred', 'VMPreempted']);

/** What may be said of a VM whose end was accepted. */
const AFTER_ITS_END: ReadonlySet<EventType> = new Set<EventType>([
  'UpdateVM',
  'ImageSaveFailed',
  'VMTerminated',
  'VMRemoved',
]);

/** Runs the check on plausible histories; a failure shows the commands, plainest first. */
function always(numRuns: number, length: number, check: (history: History, rolls: readonly Roll[]) => void): void {
  const property = fc.property(rolls(length), (steps) => check(play(steps), steps));
  fc.assert(property, {
    ...runs(numRuns),
    reporter: (result) => {
      if (!result.failed) return;
      const [steps] = (result.counterexample ?? [[]]) as [readonly Roll[]];
      const told = play(steps).chapters.map(({ command }) =>
        JSON.stringify([command.time, command.cause.id, command.command]),
      );
      const why =
        result.errorInstance instanceof Error ? result.errorInstance : new Error(String(result.errorInstance));
      throw new Error(`${why.message}\nseed ${result.seed}, after these commands:\n${told.join('\n')}`, { cause: why });
    },
  });
}

describe('in every history', () => {
  it('any part of the events of any command leaves exactly the rest to decide', () =>
    always(100, 50, ({ events, chapters }) => chapters.forEach((chapter) => holdToPrefixLaw(events, chapter))));

  it('the same commands give the same events, whoever decides them', () =>
    always(300, 80, (history, steps) => deepStrictEqual(play(steps).events, history.events)));

  it('a cluster that followed the events equals the one that decided them, after every command', () =>
    always(300, 80, (_, steps) => {
      const history = begin();
      const follower = fold(history.events);
      for (const roll of steps) {
        const known = history.events.length;
        playStep(history, roll);
        history.events.slice(known).forEach((event) => evolve(follower, event));
        deepStrictEqual(canonical(follower), canonical(history.cluster));
      }
    }));

  it('lists, loads, queue and alarms agree with the phases of the VMs, after every event', () =>
    always(300, 80, ({ events }) => {
      const cluster = emptyCluster();
      for (const event of events) {
        evolve(cluster, event);
        if (isBetweenTurns(events, event.sequence)) holdToInvariants(cluster);
      }
    }));

  it('no placement takes a node beyond its capacity, and nothing else adds load but a restart', () =>
    always(500, 80, ({ events }) => {
      const cluster = emptyCluster();
      for (const recorded of events) {
        const { event } = recorded;
        const node = 'nodeId' in event && event.nodeId !== undefined ? event.nodeId : undefined;
        const before = node === undefined ? 0 : (cluster.nodes.get(node)?.used.vms ?? 0);
        evolve(cluster, recorded);
        const after = node === undefined ? undefined : cluster.nodes.get(node);
        if (event.type === 'VMScheduled') ok(after !== undefined && isWithinCapacity(after), JSON.stringify(after));
        else if (event.type !== 'VMRestarted') ok((after?.used.vms ?? 0) <= before, `${event.type} adds load`);
      }
    }));

  it('nothing starts, schedules or ends again a VM whose end was accepted', () =>
    always(500, 80, ({ events }) => {
      const over = new Map<string, string>();
      for (const { event } of events) {
        if (!('vmId' in event)) continue;
        const allowed = AFTER_ITS_END.has(event.type);
        const state = over.get(event.vmId);
        ok(state === undefined || allowed, `${event.type} after ${state}`);
        ok(state !== 'VMTerminated' || event.type !== 'VMTerminated', 'terminated twice');
        if (event.type === 'VMRemoved') over.delete(event.vmId);
        if (event.type === 'TerminateVM' || event.type === 'VMTerminated') over.set(event.vmId, event.type);
      }
    }));

  it('placement chooses what a look at every waiting VM and every node would choose', () =>
    always(150, 80, ({ events, chapters }) => {
      for (const { before, decision, command } of chapters) {
        const placed = decision.events.filter(({ event }) => BY_PLACEMENT.has(event.type));
        const cluster = fold(events.slice(0, before + decision.events.length - placed.length));
        deepStrictEqual(
          placed.map(({ event: { ...event } }) => {
            if (event.type === 'VMScheduled') delete event.choice;
            return event;
          }),
          placeByLookingAtAll(cluster, command),
        );
      }
    }));

  it('placement comes to rest: another look at everything places nothing', () =>
    always(300, 80, (_, steps) => {
      const history = begin();
      for (const roll of steps) {
        playStep(history, roll);
        deepStrictEqual(lookAgain(history.cluster), []);
      }
    }));

  it('a command that comes again under its id gets its first outcome and changes nothing', () =>
    always(300, 60, (history) => {
      const { cluster, chapters, events } = history;
      const first = new Map(
        chapters
          .toReversed()
          .filter(({ decision: { outcome, events: caused } }) => outcome.kind === 'accepted' && caused.length > 0)
          .map((chapter) => [chapter.command.cause.id, chapter]),
      );
      const whole = canonical(cluster);
      for (const { command, decision } of first.values()) {
        for (const sequence of [command.cause.sequence, chapters.length + 1]) {
          const again = decide(cluster, { ...command, cause: { ...command.cause, sequence } });
          deepStrictEqual(again, { outcome: decision.outcome, events: [] });
        }
      }
      deepStrictEqual(canonical(cluster), whole);
      deepStrictEqual(cluster.sequence, events.length);
    }));

  it('events fold in any order without a throw, whatever sense that makes', () =>
    fc.assert(
      fc.property(rolls(60), fc.array(fc.nat()), (steps, order) => {
        const { events } = play(steps);
        const cluster = emptyCluster();
        order.forEach((index, n) => {
          const event = events[index % events.length];
          if (event !== undefined) evolve(cluster, { ...event, sequence: n + 1 });
        });
        canonical(cluster);
      }),
      runs(300),
    ));
});

describe('plausible histories', () => {
  it('bring forth every event and every refusal that shapes and limits do not catch before', () => {
    const events = new Set<string>();
    const refusals = new Set<string>();
    for (const steps of fc.sample(rolls(80), { numRuns: 600, seed: Number(runs(1).seed) })) {
      const history = play(steps);
      history.events.forEach(({ event }) => events.add(event.type));
      history.chapters.forEach(
        ({ decision: { outcome } }) => outcome.kind === 'refused' && refusals.add(outcome.refusal.code),
      );
    }
    deepStrictEqual([...events].sort(), EVENT_TYPES);
    deepStrictEqual([...refusals].sort(), [
      'API_KEY_EXISTS',
      'API_KEY_UNKNOWN',
      'CAPACITY_BELOW_USE',
      'DISTRIBUTION_EXISTS',
      'DISTRIBUTION_UNKNOWN',
      'GROUP_CYCLE',
      'GROUP_EXISTS',
      'GROUP_UNKNOWN',
      'INVALID',
      'NODE_UNKNOWN',
      'OUT_OF_RANGE',
      'PERMISSION_GROUP_UNKNOWN',
      'SAVE_EXISTS',
      'TAG_EXISTS',
      'TAG_UNKNOWN',
      'TEMPLATE_UNKNOWN',
      'VERSION_UNKNOWN',
      'VM_EXISTS',
      'VM_NOT_RUNNING',
      'VM_UNKNOWN',
      'WEBHOOK_CHANGED',
      'WEBHOOK_EXISTS',
      'WEBHOOK_UNKNOWN',
    ]);
  });
});

/** Between the events of one command some truths are half told (a node that is going still has VMs). */
function isBetweenTurns(events: History['events'], sequence: number): boolean {
  return events[sequence]?.cause.sequence !== events[sequence - 1]?.cause.sequence;
}

/** What placement would do now if it looked at every VM and every node. */
function lookAgain(cluster: Cluster): unknown[] {
  for (const kind of cluster.pending.kinds) cluster.attention.arrivals.add(kind);
  for (const id of cluster.nodes.keys()) cluster.attention.opened.add(id);
  const cause = { sequence: Number.MAX_SAFE_INTEGER, id: 'look', actor: 'tester', correlationId: 'look' };
  const turn = new Turn(cluster, { cause, time: cluster.time, command: { type: 'RunTimers' } });
  place(turn);
  return turn.events;
}
