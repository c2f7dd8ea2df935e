import { launchError } from './launch-error.js';

describe('what QEMU says when it cannot start', () => {
  it.each([
    ["Could not set up host forwarding rule 'tcp:127.0.0.1:10000-:22'", 'PORT_IN_USE'],
    ['Could not access KVM kernel module: Permission denied', 'ACCELERATOR_BROKEN'],
    ['write: No space left on device', 'NO_SPACE'],
    ['Failed to get "write" lock', 'TOOL_FAILED'],
    ['', 'TOOL_FAILED'],
  ])('%j means %s', (stderr, code) => {
    expect(launchError('vm-1', stderr)).toMatchObject({ code, retryable: true });
  });
});
