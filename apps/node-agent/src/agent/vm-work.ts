import type { Assignment } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import { bringUp } from './bring-up.js';
import { hostInstance } from './host-instance.js';
import type { Step } from './next-step.js';
import { resume, saveImage } from './save-image.js';
import type { Site } from './site.js';
import type { TellingStep } from './vm-reports.js';

/** Steps that do something to the VM and take time. */
export type WorkingStep = Exclude<Step, TellingStep | 'nothing'>;

/** The VM as the work finds it, and where the work says how it left it. */
export interface VmInHand {
  readonly vmId: string;
  readonly wish: Assignment | undefined;
  actual: HostVm | undefined;
}

/** `announced`: the start is on its way to the control plane. `untold`: it could not be told, and must be once more. */
export type WorkEnd = 'done' | 'announced' | 'untold';

/** Takes one step. Rejects with what went wrong, or with the signal's reason; `vm.actual` is true to the host in any case. */
export async function work(site: Site, step: WorkingStep, vm: VmInHand, signal: AbortSignal): Promise<WorkEnd> {
  const { driver, clock } = site.ports;
  switch (step) {
    case 'start':
    case 'announce':
      return vm.wish === undefined ? 'done' : start(site, vm, vm.wish, signal);
    case 'restart':
      await restart(site, vm, signal);
      return 'done';
    case 'save':
      if (vm.wish?.save !== undefined) await saveImage({ site, vm, wish: vm.wish, save: vm.wish.save, signal });
      return 'done';
    case 'resume':
      if (vm.wish !== undefined) await resume(site, vm, vm.wish, signal);
      return 'done';
    case 'destroy':
      await driver.destroy(vm.vmId, site.options.destroyGraceMs);
      vm.actual = undefined;
      return 'done';
    case 'halt':
      await driver.stop(vm.vmId, site.options.stopGraceMs);
      if (vm.actual !== undefined) vm.actual = { ...vm.actual, status: 'stopped', stoppedAt: clock.now() };
      return 'done';
  }
}

async function start(site: Site, vm: VmInHand, wish: Assignment, signal: AbortSignal): Promise<WorkEnd> {
  const saw = (host: HostVm): void => void (vm.actual = host);
  const { host, script } = await bringUp({ site, wish, found: vm.actual, saw, signal });
  signal.throwIfAborted();
  const isTold = site.tell({
    type: 'ReportVMStarted',
    nodeId: site.identity.nodeId,
    vmId: wish.vmId,
    epoch: wish.epoch,
    instance: hostInstance(host, site.identity.facts.host),
    ...(script && { script }),
  });
  return isTold ? 'announced' : 'untold';
}

async function restart(site: Site, vm: VmInHand, signal: AbortSignal): Promise<void> {
  const { driver } = site.ports;
  const leave = await site.boots.take(signal);
  try {
    vm.actual = await driver.restart(vm.vmId, vm.wish?.restarts ?? 0, signal);
    vm.actual = await answeringOrNot(site, vm.actual, signal);
  } catch (error) {
    // Half of a restart is a stop: the host knows how far it came.
    vm.actual = (await driver.list()).find(({ vmId }) => vmId === vm.vmId);
    throw error;
  } finally {
    leave();
  }
}

/** Only a guest that answers has an address to tell; one that keeps silent was restarted all the same. */
async function answeringOrNot(site: Site, restarted: HostVm, signal: AbortSignal): Promise<HostVm> {
  try {
    return await site.ports.driver.waitReady(restarted.vmId, site.options.readyLimitMs, signal);
  } catch {
    signal.throwIfAborted();
    return restarted;
  }
}
