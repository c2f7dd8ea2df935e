import { copyFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import { deadline } from '../deadline.js';
import { acceleratorOption, cpuModel } from './command-line.js';
import { BOOT_PROBE_DEADLINE_MS } from './limits.js';
import { MACHINES } from './machine.js';
import { probeDisk, probeInitrd, PROBE_MARK } from './probe-guest.js';
import { privilegePrefix } from './privileges.driver.js';
import { runTool } from './run-tool.driver.js';

const PROBE_MEMORY_MIB = 128;

export interface BootProbe {
  qemu: string;
  setpriv?: string;
  /** The user that QEMU will run as. */
  uid?: number;
  arch: 'amd64' | 'arm64';
  /** A Linux kernel to boot; without it a boot sector has to do. */
  kernel?: string;
  /** Made, used and removed. */
  dir: string;
  clock: Clock;
}

export interface BootProbeResult {
  ok: boolean;
  bootMs: number;
  /** Why not; '' when ok. */
  error: string;
}

/** Boots a tiny guest with the accelerator: a device file or a help text that promises it has been seen to lie. */
export async function probeBoot(probe: BootProbe, accelerator: string): Promise<BootProbeResult> {
  const startedAt = probe.clock.now();
  const limit = deadline(probe.clock, BOOT_PROBE_DEADLINE_MS);
  try {
    const guest = prepareGuest(probe, accelerator);
    const command = [
      ...privilegePrefix(probe.setpriv, probe.uid, accelerator),
      probe.qemu,
      ...machineOptions(probe, accelerator),
      ...guest,
    ];
    const isUp = (serial: string): boolean => serial.includes(PROBE_MARK);
    const { stdout, stderr } = await runTool(command, { cwd: probe.dir, signal: limit.signal, until: isUp });
    const bootMs = probe.clock.now() - startedAt;
    if (isUp(stdout)) return { ok: true, bootMs, error: '' };
    const silence = `no sign of life within ${BOOT_PROBE_DEADLINE_MS} ms`;
    return { ok: false, bootMs, error: stderr.trim().slice(-300) || silence };
  } finally {
    limit.stop();
    rmSync(probe.dir, { recursive: true, force: true });
  }
}

function machineOptions(probe: BootProbe, accelerator: string): string[] {
  return [
    ...[
      '-M',
      MACHINES[probe.arch].name,
      '-cpu',
      cpuModel({ arch: probe.arch, accelerator }),
      '-m',
      `${PROBE_MEMORY_MIB}M`,
    ],
    ...['-accel', acceleratorOption({ accelerator, memoryMiB: PROBE_MEMORY_MIB })],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
  ];
}

function prepareGuest(probe: BootProbe, accelerator: string): string[] {
  mkdirSync(probe.dir, { recursive: true, mode: 0o755 });
  chmodSync(probe.dir, 0o755);
  const add = (name: string, write: (path: string) => void): void => {
    write(join(probe.dir, name));
    chmodSync(join(probe.dir, name), 0o444);
  };
  const { kernel } = probe;
  if (!kernel) {
    if (probe.arch !== 'amd64') throw new Error('The accelerator probe on arm64 needs a kernel: set probeKernel.');
    add('disk', (path) => writeFileSync(path, probeDisk()));
    return ['-drive', 'file=disk,format=raw,if=virtio,readonly=on'];
  }
  const machine = MACHINES[probe.arch];
  add('kernel', (path) => copyFileSync(kernel, path));
  add('initrd', (path) => writeFileSync(path, probeInitrd(probe.arch)));
  const flags = accelerator === 'tcg' ? ` ${machine.emulationFlags}` : '';
  return [
    '-kernel',
    'kernel',
    '-initrd',
    'initrd',
    '-append',
    `${machine.defaultCmdline.split(' ')[0] ?? ''} quiet${flags}`,
  ];
}
