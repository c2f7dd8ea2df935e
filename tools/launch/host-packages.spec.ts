import { describe, expect, it } from '@jest/globals';
import { judgeProvision } from './host-packages.js';

const command = 'sudo apt-get install qemu-system-x86';
const failed = { kind: 'failed', command, why: 'no such package' } as const;

describe('the driver that a start chooses', () => {
  it('is QEMU when its packages are there or could be installed', () => {
    expect(judgeProvision({ kind: 'present' }, true, false)).toEqual({ driver: 'qemu' });
    expect(judgeProvision({ kind: 'installed', names: ['qemu-utils'] }, true, true)).toEqual({ driver: 'qemu' });
  });

  it('is not chosen when a user only lacks the right to install: he is told the exact command', () => {
    expect(() => judgeProvision({ kind: 'forbidden', command }, false, false)).toThrow(command);
  });

  it('is the simulated one, with a loud warning that says why, when QEMU cannot be had', () => {
    const verdict = judgeProvision(failed, false, false);
    expect(verdict.driver).toBe('simulated');
    expect(verdict.warning).toMatch(/no such package\n.*SIMULATED DRIVER.*\n.*sudo apt-get install qemu-system-x86/);
  });

  it('is still QEMU, with a warning, when only tools around it cannot be had', () => {
    const verdict = judgeProvision(failed, true, false);
    expect(verdict).toEqual({ driver: 'qemu', warning: 'Some tools around QEMU cannot be had: no such package' });
  });

  it('is never simulated when the environment demands QEMU', () => {
    expect(() => judgeProvision(failed, false, true)).toThrow(/MUSTER_DRIVER is qemu.*no such package/);
  });
});
