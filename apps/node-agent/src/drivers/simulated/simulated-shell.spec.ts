import { MAX_SIMULATED_SLEEP_MS, simulatedDuration, simulatedOutcome } from './simulated-shell.js';

describe('the shell of a simulated guest', () => {
  it('writes what the script echoes, and ends with its exit code', () => {
    const script = '#!/bin/sh\necho "half done"\necho boom >&2\nexit 3\necho never\n';
    expect(simulatedOutcome(script)).toEqual({
      returnCode: 3,
      didTimeout: false,
      stdout: 'half done\n',
      stderr: 'boom\n',
    });
  });

  it.each(['', 'sw_vers', './config.sh --url x && ./svc.sh start', 'exit'])(
    'takes %j to succeed in silence',
    (script) => {
      expect(simulatedOutcome(script)).toEqual({ returnCode: 0, didTimeout: false, stdout: '', stderr: '' });
    },
  );

  it('sleeps as long as it is told, within reason', () => {
    expect(simulatedDuration('sync; sleep 0.5\nsleep 1\nexit 0\nsleep 9')).toBe(1500);
    expect(simulatedDuration('sleep 60')).toBe(MAX_SIMULATED_SLEEP_MS);
    expect(simulatedDuration('echo sleep 5')).toBe(0);
  });
});
