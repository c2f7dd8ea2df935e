import { type Command, type DomainEvent, isAskedFor } from '#domain';
import { COMMANDS, EVENTS, isCommandType, isEventType, nounOfEvent, reportingNode } from './catalogue.js';

describe('the catalogue', () => {
  it('says of everything in a sentence what it means', () => {
    for (const [name, { meaning }] of [...Object.entries(COMMANDS), ...Object.entries(EVENTS)])
      expect([name, meaning]).toEqual([name, expect.stringMatching(/^[A-Z].{10,}\.$/)]);
  });

  it('knows what is in it, and not what every object has', () => {
    expect(isCommandType('StartVM')).toBe(true);
    expect(isEventType('VMStarted')).toBe(true);
    for (const name of ['VMStarted', 'toString', '__proto__', '']) expect(isCommandType(name)).toBe(false);
    for (const name of ['ReportVMStarted', 'hasOwnProperty', '__proto__', '']) expect(isEventType(name)).toBe(false);
  });

  it('calls an event an action of the API exactly when a command of that name may be asked for', () => {
    const actions = Object.entries(EVENTS).filter(([, { kind }]) => kind === 'apiAction');
    const asked = Object.entries(COMMANDS).filter(([name, { origin }]) => origin === 'api' && isEventType(name));
    expect(actions.map(([name]) => name).sort()).toEqual(asked.map(([name]) => name).sort());
  });

  it('lets nobody but a node report, and calls reports so', () => {
    const reports = Object.entries(COMMANDS).filter(([, { origin }]) => origin === 'node');
    expect(
      reports
        .map(([name]) => name)
        .filter((name) => !name.startsWith('Report'))
        .sort(),
    ).toEqual(['RegisterNode', 'UnregisterNode']);
    expect(reportingNode({ type: 'ReportVMPulled', nodeId: 'n', vmId: 'a', epoch: 1 })).toBe('n');
    expect(reportingNode({ type: 'DeleteNode', nodeId: 'n' })).toBeUndefined();
    expect(reportingNode({ type: 'RunTimers' } satisfies Command)).toBeUndefined();
  });

  it('and the domain agree on what somebody asks for, so that a refusal of it is recorded', () => {
    const asked = Object.entries(COMMANDS).filter(([, { origin }]) => origin === 'api');
    const recorded = Object.keys(COMMANDS).filter((type) => isAskedFor({ type } as Command));
    expect(recorded.sort()).toEqual(asked.map(([type]) => type).sort());
  });

  it('files an event under what it is about', () => {
    const about = (event: unknown) => nounOfEvent(event as DomainEvent);
    expect(about({ type: 'VMStarted', vmId: 'a', nodeId: 'n' })).toEqual({ noun: 'vm', id: 'a' });
    expect(about({ type: 'TemplatePulled', templateId: 't', nodeId: 'n' })).toEqual({ noun: 'node', id: 'n' });
    expect(about({ type: 'PushTemplate', templateId: 't' })).toEqual({ noun: 'template', id: 't' });
    expect(about({ type: 'PolicyChanged' })).toEqual({ noun: 'cluster', id: 'cluster' });
  });
});
