import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bestAccelerator } from './accelerators.driver.js';
import { fenceHolds, NftFence } from './fence.driver.js';
import type { FenceMode, ResolvedQemuOptions, UidRange } from './options.js';
import { defaultUidRange, isRoot } from './privileges.driver.js';
import { findTool, requireTool, runTool } from './run-tool.driver.js';

/** What was found out about this host at the driver's start. */
export interface QemuHost {
  qemu: string;
  qemuImg: string;
  version: string;
  setpriv?: string;
  /** Present when each VM gets a user id of its own. */
  uids?: UidRange;
  accelerator: string;
  fence: FenceMode;
  nft?: NftFence;
}

/** Finds the programs, boots the probe and tries the fence. Throws `DriverError` when this host can run no VM. */
export async function examineHost(options: ResolvedQemuOptions): Promise<QemuHost> {
  const { nodeDir, clock, log, arch } = options;
  mkdirSync(nodeDir, { recursive: true });
  const [qemu, qemuImg] = [requireTool(options.tools.qemu), requireTool(options.tools.qemuImg)];
  const version = await qemuVersion(qemu);
  const setpriv = findTool(options.tools.setpriv);
  const nodeHash = createHash('sha256').update(nodeDir).digest().readUInt32BE(0);
  const uids = setpriv ? uidRange(options, nodeHash) : undefined;
  const who = { ...(setpriv ? { setpriv } : {}), ...(uids ? { uid: uids.uidBase } : {}) };
  const kernel = options.probeKernel ? { kernel: options.probeKernel } : {};
  const probe = { qemu, ...who, ...kernel, arch, clock, dir: join(nodeDir, 'probe') };
  const accelerator = await bestAccelerator({ nodeDir, qemuVersion: version, probe, log });
  const fence = await chooseFence(options, {
    qemu,
    setpriv,
    uids,
    table: `muster-${nodeHash.toString(16).padStart(8, '0')}`,
  });
  return { qemu, qemuImg, version, accelerator, ...(setpriv ? { setpriv } : {}), ...(uids ? { uids } : {}), ...fence };
}

async function qemuVersion(qemu: string): Promise<string> {
  const { stdout } = await runTool([qemu, '--version']);
  return /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

function uidRange(options: ResolvedQemuOptions, nodeHash: number): UidRange | undefined {
  if (!isRoot() || options.runAs === 'caller') return undefined;
  return options.runAs ?? defaultUidRange(nodeHash);
}

interface FenceParts {
  qemu: string;
  setpriv: string | undefined;
  uids: UidRange | undefined;
  table: string;
}

async function chooseFence(options: ResolvedQemuOptions, parts: FenceParts): Promise<Pick<QemuHost, 'fence' | 'nft'>> {
  if (options.fence === 'restrict' || options.fence === 'none') return { fence: options.fence };
  const nft = await workingNft(options, parts);
  if (nft) return { fence: 'nft', nft };
  if (options.fence === 'nft')
    throw new Error('QEMU driver: fence is nft, but packet filter rules do not hold guests on this host.');
  options.log('packet filter rules do not hold guests on this host: guests get no outgoing network');
  return { fence: 'restrict' };
}

async function workingNft(options: ResolvedQemuOptions, parts: FenceParts): Promise<NftFence | undefined> {
  const program = findTool(options.tools.nft);
  if (!program || !parts.setpriv || !parts.uids) return undefined;
  const fence = new NftFence(program, parts.table, parts.uids);
  try {
    await fence.raise();
    const trial = { qemu: parts.qemu, setpriv: parts.setpriv, uid: parts.uids.uidBase, clock: options.clock };
    if (await fenceHolds(trial)) return fence;
    await fence.remove();
  } catch (error) {
    options.log(`fence: ${(error as Error).message}`);
  }
  return undefined;
}
