import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { archivedEvents } from '../support/database.js';
import type { EventTap } from '../support/event-tap.js';
import { Fleet } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

const ARCHIVED_LIMIT_MS = 10_000;

describe('what any NATS subscriber sees of a VM', () => {
  let fleet: Fleet;
  let tap: EventTap;
  let id: string;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'simulated', nodes: 2, bootMs: 100, ephemeralDatabase: true });
    const template = await offerPretendedTemplate(fleet);
    tap = await fleet.tap();
    const answer = await fleet.anka.ask<string[]>(
      'POST',
      '/api/v1/vm',
      { vmid: template },
      { 'x-request-id': 'story-1' },
    );
    id = answer.envelope.body?.[0] as string;
    await reaches(fleet.anka, id, 'Started');
    await fleet.anka.terminate(id);
    await tap.hears(id, 'VMTerminated');
  });
  afterAll(() => fleet?.close());

  it('is the whole story, in order', () => {
    const names = tap.namesOf(id).filter((name) => !name.startsWith('VMPull'));
    expect(names).toEqual(['StartVM', 'VMScheduled', 'VMStarted', 'TerminateVM', 'VMTerminated']);
  });

  it('is made of CloudEvents under a subject per VM and event', () => {
    for (const { subject, event } of tap.eventsOf(id)) {
      const name = subject.split('.').at(-1);
      expect(subject).toBe(`muster.evt.vm.${id}.${name}`);
      expect(event).toMatchObject({ specversion: '1.0', type: `muster.vm.${name}`, subject: id });
      expect(event.source).not.toBe('');
      expect(new Date(event.time).toISOString()).toBe(event.time);
    }
  });

  it('has increasing sequences without a gap over all subjects', () => {
    const sequences = tap.heard.map(({ event }) => event.sequence);
    expect(sequences).toEqual(sequences.map((_, n) => (sequences[0] as number) + n));
  });

  it('names the cause of each event, and the request that it all follows from', () => {
    const [accepted, scheduled, ...later] = tap.eventsOf(id).map(({ event }) => event);
    expect(accepted?.correlationid).toBe('story-1');
    expect(scheduled?.causationid).toBe(accepted?.causationid);
    expect(scheduled?.correlationid).toBe('story-1');
    const started = later.find(({ type }) => type === 'muster.vm.VMStarted');
    expect(started?.causationid).not.toBe(accepted?.causationid);
    expect(started?.actor).toMatch(/^node\//);
    for (const event of tap.eventsOf(id)) expect(event.event.causationid).not.toBe('');
  });

  it('has the same ids as the archive', async () => {
    const whole = async () => {
      const archived = await archivedEvents(fleet, id);
      return archived.length >= tap.eventsOf(id).length && archived;
    };
    const archived = await until('The story is archived', whole, ARCHIVED_LIMIT_MS);
    expect(archived.slice(0, 5)).toEqual(
      tap
        .eventsOf(id)
        .slice(0, 5)
        .map(({ event }) => [event.id, event.sequence]),
    );
  });

  it('would be written again by the same rules', async () => {
    expect((await replayOf(fleet)).differences).toEqual([]);
  });
});
