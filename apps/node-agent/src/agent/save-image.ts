import type { Assignment, SaveWish, ScriptResult } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { SaveNote, VmNote } from '../notes/vm-notes.js';
import { specOf } from './bring-up.js';
import type { Site } from './site.js';
import { startFailure } from './start-failure.js';

/** As Anka Build Cloud words it (anka.md §3.9). */
const SCRIPT_FAILED = 'Script execution failed';
const SCRIPT_INTERRUPTED = 'the node agent was restarted while the script ran';

/** One VM whose disk is to become an image's upper layer. */
export interface Saving {
  readonly site: Site;
  readonly vm: { actual: HostVm | undefined };
  readonly wish: Assignment;
  readonly save: SaveWish;
  readonly signal: AbortSignal;
}

/**
 * Script, power off, layer, upload: each leaves a note before it has an effect, so that the next life of the agent goes on from there. Ends
 * with a note of how it ended, which then is told. Rejects only when it was given up, or when notes cannot be written.
 */
export async function saveImage(saving: Saving): Promise<void> {
  const { signal } = saving;
  try {
    if (noted(saving)?.stage !== 'stopping') await prepare(saving);
    await upload(saving);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const mustRun = noted(saving)?.stage === 'stopping';
    await note(saving, { stage: 'failed', message: startFailure(cause).message, mustRun });
  }
}

/** Has the guest run again that was powered off by us. One attempt: how it ends is not worth the guest's owner waiting for more. */
export async function resume(
  site: Site,
  vm: { actual: HostVm | undefined },
  wish: Assignment,
  signal: AbortSignal,
): Promise<void> {
  const { driver, notes, observer } = site.ports;
  const leave = await site.boots.take(signal);
  try {
    if (vm.actual?.status !== 'running') vm.actual = await driver.start(specOf(site, wish), signal);
    vm.actual = await driver.waitReady(wish.vmId, site.options.readyLimitMs, signal);
  } catch (cause) {
    signal.throwIfAborted();
    observer.fault(`start VM ${wish.vmId} again after its saving`, site.identity.nodeId, cause);
  } finally {
    leave();
  }
  const { save, ...rest } = noteOf(site, wish) ?? { epoch: wish.epoch };
  const isWished = save?.stage === 'failed' && save.requestId === wish.save?.requestId;
  await notes.put(wish.vmId, isWished ? { ...rest, save: { ...save, mustRun: false } } : rest);
}

/** The guest's part, as long as it runs. */
async function prepare(saving: Saving): Promise<void> {
  const { save } = saving;
  const known = noted(saving);
  if (known?.stage === 'script' && known.script === undefined) throw new Error(SCRIPT_INTERRUPTED);
  const script = known?.script ?? (save.script && (await runScript(saving, save.script)));
  if (script && save.cancelOnScriptFailure && (script.didTimeout || script.returnCode !== 0))
    throw new Error(SCRIPT_FAILED);
  await note(saving, { stage: 'stopping' });
}

async function runScript(saving: Saving, script: NonNullable<SaveWish['script']>): Promise<ScriptResult> {
  const { site, wish, save, signal } = saving;
  const bytes = await site.ports.scripts.fetch(script, signal);
  await note(saving, { stage: 'script' });
  signal.throwIfAborted();
  const result = await site.ports.driver.runScript(wish.vmId, bytes, save.scriptTimeoutMs, signal);
  signal.throwIfAborted();
  await note(saving, { stage: 'script', script: result });
  return result;
}

async function upload(saving: Saving): Promise<void> {
  const { site, vm, wish, signal } = saving;
  const { driver, layers, clock } = site.ports;
  const leave = await site.saves.take(signal);
  try {
    await driver.stop(wish.vmId, site.options.saveGraceMs);
    if (vm.actual?.status === 'running') vm.actual = { ...vm.actual, status: 'stopped', stoppedAt: clock.now() };
    signal.throwIfAborted();
    const layer = await driver.commit(wish.vmId, signal);
    await layers.put(layer, signal);
    signal.throwIfAborted();
    const { digest, sizeBytes } = layer;
    await note(saving, { stage: 'saved', disk: { digest, sizeBytes } });
  } finally {
    leave();
  }
}

/** What is noted of this very saving. */
function noted({ site, wish, save }: Saving): SaveNote | undefined {
  const known = noteOf(site, wish)?.save;
  return known?.requestId === save.requestId ? known : undefined;
}

type Stage = SaveNote extends infer Note ? (Note extends SaveNote ? Omit<Note, 'requestId'> : never) : never;

/** Notes how far it has come; the script's result stays noted. */
async function note(saving: Saving, stage: Stage): Promise<void> {
  const { site, wish, save } = saving;
  const script = noted(saving)?.script;
  const next = { requestId: save.requestId, ...(script && { script }), ...stage } as SaveNote;
  await site.ports.notes.put(wish.vmId, { ...noteOf(site, wish), epoch: wish.epoch, save: next });
}

function noteOf(site: Site, wish: Assignment): VmNote | undefined {
  const known = site.ports.notes.get(wish.vmId);
  return known?.epoch === wish.epoch ? known : undefined;
}
