import { accessSync, constants } from 'node:fs';
import { machine, release } from 'node:os';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomic } from '../atomic-file.driver.js';
import { DriverError } from '../driver.js';
import { probeBoot, type BootProbe, type BootProbeResult } from './boot-probe.driver.js';
import { isObject } from './json-lines.js';
import { MACHINES } from './machine.js';

const CACHE_FILE = 'accelerators.json';

export interface AcceleratorQuestion {
  nodeDir: string;
  qemuVersion: string;
  probe: BootProbe;
  log: (line: string) => void;
}

/**
 * The best accelerator that booted a guest on this host. What was found is kept on disk until QEMU, the kernel or the machine
 * changes. Throws `ACCELERATOR_BROKEN` when not even software emulation boots.
 */
export async function bestAccelerator(question: AcceleratorQuestion): Promise<string> {
  const { qemuVersion, probe, log } = question;
  const kvm = hasKvm();
  const parts = [
    qemuVersion,
    release(),
    machine(),
    MACHINES[probe.arch].name,
    kvm ? 'kvm' : 'no-kvm',
    probe.kernel ?? 'sector',
  ];
  const key = parts.join(' / ');
  const file = join(question.nodeDir, CACHE_FILE);
  const known = readCache(file, key);
  if (known) return known;
  const errors: string[] = [];
  for (const accelerator of kvm ? ['kvm', 'tcg'] : ['tcg']) {
    const result: BootProbeResult = await probeBoot(probe, accelerator);
    if (result.ok) {
      log(`accelerator ${accelerator} booted a probe in ${result.bootMs} ms`);
      writeFileAtomic(file, JSON.stringify({ key, accelerator }));
      return accelerator;
    }
    errors.push(`${accelerator}: ${result.error}`);
    log(`accelerator ${accelerator} does not work here: ${result.error}`);
  }
  throw new DriverError(
    'ACCELERATOR_BROKEN',
    `No accelerator boots a guest on this host (${errors.join('; ')}).`,
    false,
  );
}

function readCache(file: string, key: string): string | undefined {
  try {
    const cache: unknown = JSON.parse(readFileIfPresent(file) ?? 'null');
    return isObject(cache) && cache.key === key && typeof cache.accelerator === 'string'
      ? cache.accelerator
      : undefined;
  } catch {
    return undefined;
  }
}

function hasKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
