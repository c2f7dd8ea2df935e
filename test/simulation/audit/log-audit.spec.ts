import type { CloudEvent } from '#events';
import { LogAudit } from './log-audit.js';

let sequence = 0;
beforeEach(() => (sequence = 0));

const event = (type: string, subject: string, data: Record<string, unknown> = {}): CloudEvent => ({
  specversion: '1.0',
  id: `e${++sequence}`,
  source: '/spec',
  type,
  subject,
  time: new Date(sequence).toISOString(),
  datacontenttype: 'application/json',
  data,
  correlationid: 'c',
  actor: 'spec',
  sequence,
  commandsequence: sequence,
});
const vm = (name: string, data?: Record<string, unknown>, id = 'v1') => event(`muster.vm.${name}`, id, data);
const node = (capacity: number, id = 'n1') => event('muster.node.NodeRegistered', id, { config: { capacity } });
const seated = () => [node(1), vm('StartVM'), vm('VMScheduled', { nodeId: 'n1' })];

function breaches(events: CloudEvent[]): string {
  const audit = new LogAudit();
  for (const each of events) audit.read(each);
  return audit.breaches.join('\n');
}

describe('the auditor', () => {
  it('finds nothing in an honest life', () => {
    const life = [...seated(), vm('VMStarted'), vm('TerminateVM'), vm('VMTerminated'), vm('VMRemoved')];
    expect(breaches(life)).toBe('');
  });

  it.each([
    ['two seats', () => [...seated(), node(1, 'n2'), vm('VMScheduled', { nodeId: 'n2' })], 'has a seat on n1'],
    [
      'a node above capacity',
      () => [...seated(), vm('StartVM', {}, 'v2'), vm('VMScheduled', { nodeId: 'n1' }, 'v2')],
      '2 of 1',
    ],
    ['a resurrection', () => [...seated(), vm('TerminateVM'), vm('VMStarted')], 'rose after'],
    [
      'a seat for a terminated VM',
      () => [node(1), vm('StartVM'), vm('TerminateVM'), vm('VMScheduled', { nodeId: 'n1' })],
      'was terminated',
    ],
    ['a VM accepted twice', () => [vm('StartVM'), vm('StartVM')], 'accepted twice'],
    ['an end that nobody asked for', () => [...seated(), vm('VMTerminated')], 'nobody asked'],
    ['a VM announced twice', () => [...seated(), vm('VMStarted'), vm('VMStarted')], 'announced already'],
    ['a fact about a VM that was never accepted', () => [vm('VMStarted')], 'never accepted'],
    ['an id used twice', () => [vm('StartVM'), { ...vm('StartVM', {}, 'v2'), id: 'e1' }], 'occurs twice'],
    ['a gap', () => [vm('StartVM'), { ...vm('StartVM', {}, 'v2'), sequence: 9 }], 'follows'],
  ])('finds %s', (_, life, what) => expect(breaches(life())).toContain(what));
});
