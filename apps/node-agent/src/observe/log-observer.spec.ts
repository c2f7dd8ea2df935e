import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { StartupScript } from '#domain';
import { ScriptFailed } from '../agent/start-failure.js';
import { logged } from './log-observer.js';

const VM = { nodeId: 'node-1', vmId: 'vm-1', epoch: 5 };

function captured(level = 'debug') {
  const lines: string[] = [];
  return { lines, observer: logged(pino({ level }, { write: (line) => lines.push(line) })) };
}

describe('the log of a node agent', () => {
  it('never holds what a script wrote', () => {
    const { lines, observer } = captured();
    const result = { returnCode: 3, didTimeout: false, stdout: 'the-secret', stderr: 'the-secret' };
    const cause = new ScriptFailed({ digest: 'sha256:5c', onFailure: 'keep' } as StartupScript, result);
    observer.ended('start', VM, 'failed', 100, cause);
    observer.told({ type: 'ReportVMStartFailed', ...VM, message: cause.message, retryable: false, script: result });
    expect(lines).toHaveLength(2);
    expect(lines.join()).toContain('startup script exit code 3');
    expect(lines.join()).not.toContain('the-secret');
  });

  it('names the VM, its epoch and the story it belongs to', () => {
    const { lines, observer } = captured('info');
    observer.told({ type: 'ReportVMTerminated', ...VM });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ...VM, correlationId: 'vm-1', msg: 'ReportVMTerminated' });
  });

  it('says little of what goes well unless it is asked to', () => {
    const { lines, observer } = captured('info');
    observer.began('start', VM);
    observer.ended('start', VM, 'done', 100);
    expect(lines).toEqual([]);
  });
});
