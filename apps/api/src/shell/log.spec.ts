import { openLog } from './log.system.js';
import { nestLog } from './nest-log.js';

function listening(level: 'debug' | 'info') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: openLog('api', level, { write }) };
}

describe('the log', () => {
  test('has one JSON line for each thing said, with its fields and those of its parent', () => {
    const { lines, log } = listening('info');
    log.child({ correlationId: 'build-7' }).info('a thing', { vmId: 'vm-1' });
    log.debug('not heard');
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', app: 'api', msg: 'a thing', vmId: 'vm-1', correlationId: 'build-7' }),
    ]);
    expect(Date.parse(String(lines[0]?.['time']))).toBeGreaterThan(0);
  });

  test('takes what Nest says, its context and stacks, and keeps its chatter for debugging', () => {
    const { lines, log } = listening('debug');
    const nest = nestLog(log);
    nest.log('Mapped {/livez, GET} route', 'RouterExplorer');
    nest.error('broken', 'Error: broken\n    at somewhere', 'ExceptionsHandler');
    nest.error(new Error('thrown'));
    expect(lines[0]).toMatchObject({ level: 'debug', context: 'RouterExplorer' });
    expect(lines[1]).toMatchObject({ level: 'error', msg: 'broken', context: 'ExceptionsHandler' });
    expect(lines[1]?.['stack']).toContain('somewhere');
    expect(lines[2]).toMatchObject({ msg: 'thrown' });
  });
});
