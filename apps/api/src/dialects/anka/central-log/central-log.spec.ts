import { describeCentralLog, MemoryCentralLog } from './central-log.contract.js';
import { headLine, isServiceName } from './central-log.js';

const NOW = Date.UTC(2026, 2, 1, 10, 2, 3);

describeCentralLog(
  'in memory',
  () => {
    const log = new MemoryCentralLog(() => NOW);
    return { log, read: (service) => log.files.get(service) ?? '' };
  },
  NOW,
);

describe('a file of the central logs', () => {
  it('begins as the vendor’s do', () => expect(headLine(NOW)).toBe('Log file created at: 2026/03/01 10:02:03\n'));

  it.each(['event', 'agent', 'controller', 'anka-agent_2', 'A1', 'AWS Cloud Connect Service'])(
    'may be called %s',
    (name) => expect(isServiceName(name)).toBe(true),
  );

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc',
    'a.log',
    '-a',
    'a  b',
    ' a',
    'a ',
    'a\n',
    'a\0',
    'ä',
    'x'.repeat(65),
    '%2e%2e',
  ])('is never called %p', (name) => expect(isServiceName(name)).toBe(false));
});
