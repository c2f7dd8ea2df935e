import type { Assignment, ScriptResult, StartupScript } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { ScriptNote, VmNote } from '../notes/vm-notes.js';
import type { Site } from './site.js';
import { ScriptFailed, ScriptInterrupted } from './start-failure.js';

/** Throws when a monitored script began in this VM and its end was not seen. */
export function refuseInterrupted(site: Site, wish: Assignment, found: HostVm | undefined): void {
  if (found !== undefined && wish.script?.monitored && noteOf(site, wish)?.script?.state === 'begun') {
    throw new ScriptInterrupted();
  }
}

/** Runs the script, or takes the result that it had before. Resolves when it ended well. */
export async function runMonitored(
  site: Site,
  wish: Assignment,
  script: StartupScript,
  host: HostVm,
  signal: AbortSignal,
): Promise<ScriptResult> {
  const known = noteOf(site, wish)?.script;
  const result = known?.state === 'ended' ? known.result : await run(site, wish, script, host, signal);
  if (result.didTimeout || result.returnCode !== 0) throw new ScriptFailed(script, result);
  return result;
}

/** Whether a script that nobody waits for has not begun yet in this VM. */
export function isBackgroundScriptDue(wish: Assignment, host: HostVm | undefined, note: VmNote | undefined): boolean {
  if (wish.script === undefined || wish.script.monitored || wish.wish === 'absent') return false;
  if (host?.status !== 'running' || host.epoch !== wish.epoch || note?.epoch !== wish.epoch) return false;
  return note.script === undefined && note.failure === undefined;
}

/** Runs a script that nobody waits for; how it ends is only logged. */
export async function runInBackground(site: Site, wish: Assignment, host: HostVm, signal: AbortSignal): Promise<void> {
  const { observer } = site.ports;
  const { nodeId } = site.identity;
  if (wish.script === undefined) return;
  try {
    const { returnCode, stdout, stderr } = await run(site, wish, wish.script, host, signal);
    observer.scriptEnded({ nodeId, vmId: wish.vmId, epoch: wish.epoch }, returnCode, stdout.length + stderr.length);
  } catch (error) {
    if (!signal.aborted) observer.fault(`run the startup script of VM ${wish.vmId}`, nodeId, error);
  }
}

async function run(
  site: Site,
  wish: Assignment,
  script: StartupScript,
  host: HostVm,
  signal: AbortSignal,
): Promise<ScriptResult> {
  const { driver, scripts } = site.ports;
  const bytes = await scripts.fetch(script, signal);
  if (script.when === 'network') await untilNetwork(site, host, signal);
  await noteScript(site, wish, { state: 'begun' });
  signal.throwIfAborted();
  const result = await driver.runScript(wish.vmId, bytes, script.timeoutMs, signal);
  signal.throwIfAborted();
  if (script.monitored) await noteScript(site, wish, { state: 'ended', result });
  return result;
}

/** Waits until the guest has an address, or the limit is over: then the script itself will say what it misses. */
async function untilNetwork(site: Site, host: HostVm, signal: AbortSignal): Promise<void> {
  const { clock, driver } = site.ports;
  const { networkLimitMs, networkPollMs, readyLimitMs } = site.options;
  const until = clock.now() + networkLimitMs;
  let guestIp = host.guestIp;
  while (guestIp === '' && clock.now() < until) {
    await clock.sleep(networkPollMs, signal);
    ({ guestIp } = await driver.waitReady(host.vmId, readyLimitMs, signal));
  }
}

function noteOf(site: Site, wish: Assignment): VmNote | undefined {
  const note = site.ports.notes.get(wish.vmId);
  return note?.epoch === wish.epoch ? note : undefined;
}

function noteScript(site: Site, wish: Assignment, script: ScriptNote): Promise<void> {
  return site.ports.notes.put(wish.vmId, { ...noteOf(site, wish), epoch: wish.epoch, script });
}
