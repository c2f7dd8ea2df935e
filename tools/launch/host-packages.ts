import { NATS_PACKAGE } from '../services/nats-binary.js';
import {
  installCommand,
  missingPackages,
  providePackages,
  type Provision,
  type SystemPackage,
} from '../services/packages.js';
import type { Progress } from './progress.js';
import type { DriverName, LaunchSettings } from './settings.js';

/** The emulator for guests of this machine's own kind. */
const EMULATOR: SystemPackage =
  process.arch === 'arm64'
    ? { apt: 'qemu-system-arm', brew: 'qemu', commands: ['qemu-system-aarch64'] }
    : { apt: 'qemu-system-x86', brew: 'qemu', commands: ['qemu-system-x86_64'] };

/** What the QEMU driver cannot do without. */
const DRIVER_PACKAGES: readonly SystemPackage[] = [
  EMULATOR,
  { apt: 'qemu-utils', brew: 'qemu', commands: ['qemu-img'] },
];

/** What fences guests off and what builds the demo template: VMs run without it. */
const FURTHER_PACKAGES: readonly SystemPackage[] = [
  { apt: 'nftables', brew: null, commands: ['nft'] },
  { apt: 'e2fsprogs', brew: null, commands: ['mke2fs', 'debugfs'] },
  { apt: 'xz-utils', brew: 'xz', commands: ['xz'] },
  { apt: 'zstd', brew: 'zstd', commands: ['zstd'] },
];

/** The driver that the node will have, and what is to be told loudly about it. */
export interface Verdict {
  readonly driver: DriverName;
  readonly warning?: string;
}

/**
 * What follows from the attempt to get QEMU's packages. A user who may not install is told the command and nothing is
 * started, since he can easily have the real thing; where it cannot be had at all, the simulated driver stands in, unless
 * the environment demands QEMU. `runs`: the driver's own packages are there in spite of a failure with the others. Throws
 * in the cases where nothing is to be started.
 */
export function judgeProvision(provision: Provision, runs: boolean, driverIsDemanded: boolean): Verdict {
  switch (provision.kind) {
    case 'present':
    case 'installed':
      return { driver: 'qemu' };
    case 'forbidden':
      throw new Error(
        `Packages that Muster needs are missing, and this user may not install them. Run:\n\n    ${provision.command}` +
          '\n\nand start again; or start with MUSTER_DRIVER=simulated, which needs no QEMU, but only pretends to run VMs.',
      );
    case 'failed':
      if (runs) return { driver: 'qemu', warning: `Some tools around QEMU cannot be had: ${provision.why}` };
      if (driverIsDemanded) {
        throw new Error(`MUSTER_DRIVER is qemu, but QEMU cannot be had (${provision.why}). Try: ${provision.command}`);
      }
      return {
        driver: 'simulated',
        warning:
          `QEMU cannot be had on this machine: ${provision.why}\n` +
          'Muster FALLS BACK TO THE SIMULATED DRIVER: VMs are only pretended, nothing runs in them.\n' +
          `For real VMs: ${provision.command}`,
      };
  }
}

function describe(provision: Provision): string {
  switch (provision.kind) {
    case 'present':
      return 'QEMU and its tools are there';
    case 'installed':
      return `Installed ${provision.names.join(', ')}`;
    case 'forbidden':
    case 'failed':
      return 'Looked for QEMU';
  }
}

/** A user who has to ask somebody for packages wants to ask once: the command is for NATS, too, if that is needed. */
function withAllPackages(provision: Provision, wanted: readonly SystemPackage[], settings: LaunchSettings): Provision {
  if (provision.kind !== 'forbidden') return provision;
  const all = settings.natsUrl === undefined ? [NATS_PACKAGE, ...wanted] : wanted;
  return { ...provision, command: installCommand(missingPackages(all)) };
}

function warn(progress: Progress, text: string): void {
  const rule = `  ${'!'.repeat(76)}`;
  for (const line of [rule, ...text.split('\n').map((part) => `  ! ${part}`), rule]) progress.say(line);
}

/** Makes sure that QEMU is there, if it is asked for, and says which driver the node will have. */
export async function chooseDriver(settings: LaunchSettings, progress: Progress): Promise<DriverName> {
  if (settings.driver === 'simulated') return 'simulated';
  const wanted = [...DRIVER_PACKAGES, ...FURTHER_PACKAGES];
  const provision = await progress.step('QEMU and its tools', () => providePackages(wanted), describe);
  const runs = missingPackages(DRIVER_PACKAGES).length === 0;
  const verdict = judgeProvision(withAllPackages(provision, wanted, settings), runs, settings.driverIsDemanded);
  if (verdict.warning !== undefined) warn(progress, verdict.warning);
  return verdict.driver;
}
