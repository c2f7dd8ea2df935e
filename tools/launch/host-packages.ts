import { providePackages, type Provision, type SystemPackage } from '../services/packages.js';
import type { Progress } from './progress.js';
import type { DriverName, LaunchSettings } from './settings.js';

/** The emulator for guests of this machine's own kind. */
const EMULATOR: SystemPackage =
  process.arch === 'arm64'
    ? { apt: 'qemu-system-arm', brew: 'qemu', commands: ['qemu-system-aarch64'] }
    : { apt: 'qemu-system-x86', brew: 'qemu', commands: ['qemu-system-x86_64'] };

/** What the QEMU driver runs. */
const DRIVER_PACKAGES: readonly SystemPackage[] = [
  EMULATOR,
  { apt: 'qemu-utils', brew: 'qemu', commands: ['qemu-img'] },
  { apt: 'nftables', brew: null, commands: ['nft'] },
];

/** What the builder of the demo template runs on top of that. */
const BUILDER_PACKAGES: readonly SystemPackage[] = [
  { apt: 'e2fsprogs', brew: null, commands: ['mke2fs', 'debugfs'] },
  { apt: 'xz-utils', brew: 'xz', commands: ['xz'] },
  { apt: 'zstd', brew: 'zstd', commands: ['zstd'] },
];

/** Whether, and why not, QEMU can be had on this machine. */
type Verdict = { readonly driver: DriverName; readonly warning?: string };

/**
 * What follows from the attempt to get QEMU's packages. A user who may not install is told the command and nothing is
 * started, since he can easily have the real thing; where it cannot be had at all, the simulated driver stands in, unless
 * the environment demands QEMU. Throws in the cases where nothing is to be started.
 */
export function judgeProvision(provision: Provision, driverIsDemanded: boolean): Verdict {
  switch (provision.kind) {
    case 'present':
    case 'installed':
      return { driver: 'qemu' };
    case 'forbidden':
      throw new Error(
        `QEMU's packages are missing, and this user may not install them. Run:\n\n    ${provision.command}\n\n` +
          'and start again; or start with MUSTER_DRIVER=simulated, which only pretends to run VMs.',
      );
    case 'failed':
      if (driverIsDemanded) {
        throw new Error(`MUSTER_DRIVER is qemu, but QEMU cannot be had (${provision.why}). Try: ${provision.command}`);
      }
      return { driver: 'simulated', warning: provision.why };
  }
}

function warnOfSimulation(progress: Progress, why: string): void {
  const rule = '  ' + '!'.repeat(76);
  for (const line of [
    rule,
    `  ! QEMU cannot be had on this machine: ${why}`,
    '  ! Muster falls back to the SIMULATED driver: VMs are only pretended, nothing runs in them.',
    rule,
  ]) {
    progress.say(line);
  }
}

/** Makes sure that QEMU is there, if it is asked for, and says which driver the node will have. */
export async function chooseDriver(settings: LaunchSettings, progress: Progress): Promise<DriverName> {
  if (settings.driver === 'simulated') return 'simulated';
  const wanted = [...DRIVER_PACKAGES, ...(settings.demoTemplate ? BUILDER_PACKAGES : [])];
  const provision = await progress.step(
    'QEMU and its tools',
    () => providePackages(wanted),
    (result) => (result.kind === 'installed' ? `Installed ${result.names.join(', ')}` : `QEMU: ${result.kind}`),
  );
  const verdict = judgeProvision(provision, settings.driverIsDemanded);
  if (verdict.warning !== undefined) warnOfSimulation(progress, verdict.warning);
  return verdict.driver;
}
