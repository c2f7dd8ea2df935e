import { describe, expect, it } from '@jest/globals';
import { judgeProvision } from './host-packages.js';

const command = 'sudo apt-get install qemu-system-x86';

describe('the driver that a start chooses', () => {
  it('is QEMU when its packages are there or could be installed', () => {
    expect(judgeProvision({ kind: 'present' }, false)).toEqual({ driver: 'qemu' });
    expect(judgeProvision({ kind: 'installed', names: ['qemu-utils'] }, true)).toEqual({ driver: 'qemu' });
  });

  it('is not chosen when a user only lacks the right to install: he is told the exact command', () => {
    expect(() => judgeProvision({ kind: 'forbidden', command }, false)).toThrow(command);
  });

  it('is the simulated one, with a warning that says why, when QEMU cannot be had', () => {
    const verdict = judgeProvision({ kind: 'failed', command, why: 'no such package' }, false);
    expect(verdict).toEqual({ driver: 'simulated', warning: 'no such package' });
  });

  it('is never simulated when the environment demands QEMU', () => {
    expect(() => judgeProvision({ kind: 'failed', command, why: 'no such package' }, true)).toThrow(
      /MUSTER_DRIVER is qemu.*no such package/,
    );
  });
});
