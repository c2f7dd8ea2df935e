import { DriverError } from '../driver.js';

const PORT_TAKEN = /Could not set up host forwarding rule/;
const ACCELERATOR = /KVM|kvm|failed to initialize|invalid accelerator/;
const NO_SPACE = /No space left on device/;
const STDERR_CHARS = 500;

export function isPortTaken(stderr: string): boolean {
  return PORT_TAKEN.test(stderr);
}

/** What it means that QEMU ended before its monitor answered. */
export function launchError(vmId: string, stderr: string): DriverError {
  const said = stderr.trim().slice(-STDERR_CHARS) || 'nothing';
  const message = `QEMU for VM "${vmId}" ended at once; it said: ${said}`;
  if (isPortTaken(stderr)) return new DriverError('PORT_IN_USE', message, true);
  if (NO_SPACE.test(stderr)) return new DriverError('NO_SPACE', message, true);
  if (ACCELERATOR.test(stderr)) return new DriverError('ACCELERATOR_BROKEN', message, true);
  return new DriverError('TOOL_FAILED', message, true);
}
