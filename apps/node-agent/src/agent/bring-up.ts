import type { Assignment, ScriptResult } from '#domain';
import { DriverError, type HostVm, type VmSpec } from '../drivers/driver.js';
import { hostName } from './host-name.js';
import type { Site } from './site.js';
import { refuseInterrupted, runMonitored } from './startup-script.js';

/** One VM on its way up. `saw` hears of the VM on the host as soon as there is one, also when the way ends badly later. */
export interface Ascent {
  readonly site: Site;
  readonly wish: Assignment;
  readonly found: HostVm | undefined;
  readonly saw: (host: HostVm) => void;
  readonly signal: AbortSignal;
}

export interface BroughtUp {
  readonly host: HostVm;
  /** Of a monitored script. */
  readonly script?: ScriptResult;
}

/**
 * From whatever is on the host to a VM that may be called started: template, boot, guest, monitored script. Takes a running VM over
 * where another life of the agent left it. Rejects with the cause, or with the signal's reason; the host is left as it then is.
 */
export async function bringUp(ascent: Ascent): Promise<BroughtUp> {
  const { site, wish, found, saw, signal } = ascent;
  refuseInterrupted(site, wish, found);
  const host = found?.status === 'running' ? await answering(ascent) : await boot(ascent);
  saw(host);
  signal.throwIfAborted();
  if (!wish.script?.monitored) return { host };
  const script = await runMonitored(site, wish, wish.script, host, signal);
  return { host, script };
}

async function boot(ascent: Ascent): Promise<HostVm> {
  const { site, wish, found, saw, signal } = ascent;
  const { driver, notes } = site.ports;
  if (found === undefined || notes.get(wish.vmId)?.epoch !== wish.epoch) {
    await notes.put(wish.vmId, { epoch: wish.epoch });
  }
  await pullFirst(ascent);
  const leave = await site.boots.take(signal);
  try {
    saw(await driver.start(specOf(site, wish), signal));
    signal.throwIfAborted();
    return await answering(ascent);
  } catch (error) {
    if (error instanceof DriverError && error.code === 'IMAGE_MISSING') site.pulls.forget(wish.image);
    throw error;
  } finally {
    leave();
  }
}

function answering({ site, wish, signal }: Ascent): Promise<HostVm> {
  return site.ports.driver.waitReady(wish.vmId, site.options.readyLimitMs, signal);
}

async function pullFirst({ site, wish, signal }: Ascent): Promise<void> {
  if (site.pulls.isCached(wish.image)) return site.pulls.used(wish.image);
  const of = { nodeId: site.identity.nodeId, vmId: wish.vmId, epoch: wish.epoch };
  site.tell({ type: 'ReportVMPulling', ...of });
  await site.pulls.ensure({ vmId: wish.vmId }, wish.image, signal);
  site.tell({ type: 'ReportVMPulled', ...of });
}

/** The VM as its driver makes it. */
export function specOf(site: Site, wish: Assignment): VmSpec {
  const { image } = wish;
  return {
    vmId: wish.vmId,
    epoch: wish.epoch,
    name: hostName(wish, site.identity, site.ports.clock.now()),
    image: {
      templateId: image.templateId,
      tag: image.tag,
      ...(image.base && { base: image.base }),
      disk: image.disk,
      ...(image.kernel && { kernel: image.kernel }),
      ...(image.initrd && { initrd: image.initrd }),
      ...(image.cmdline !== undefined && { cmdline: image.cmdline }),
    },
    cpu: wish.cpu,
    memoryMiB: wish.memoryMiB,
    forwards: [...wish.forwards],
    restarts: wish.restarts,
  };
}
