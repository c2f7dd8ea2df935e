import { systemClock } from '../clock.system.js';
import type { Clock } from '../clock.js';

/** How guests are kept from the services on the host's loopback. */
export type FenceMode =
  /** Packet filter rules by QEMU's user id; the guest keeps the internet. Needs root and nft. */
  | 'nft'
  /** QEMU refuses all connections that the guest begins; forwarded ports still work. */
  | 'restrict'
  /** No fence: a guest reaches whatever listens on the host's loopback. */
  | 'none';

/** User ids for QEMU processes, one per VM: `uidBase` up to `uidBase + uidCount - 1`. Nobody else may use them. */
export interface UidRange {
  uidBase: number;
  uidCount: number;
}

export interface QemuOptions {
  /** Everything the driver keeps lies below this directory. Absolute. */
  nodeDir: string;
  /** IPv4 address the forwarded ports bind to. Default 127.0.0.1. */
  hostIp?: string;
  /** First host port handed out. Default 10000. */
  firstPort?: number;
  /** Default: a range of our own when root, the caller's own user otherwise. */
  runAs?: UidRange | 'caller';
  /** Default: the first of `nft` and `restrict` that works here. */
  fence?: FenceMode;
  /** Linux kernel to boot in the accelerator probe; without it the probe boots a few instructions of its own. */
  probeKernel?: string;
  tools?: Partial<QemuTools>;
  log?: (line: string) => void;
  clock?: Clock;
}

/** Programs by name (searched in PATH and the sbin directories) or absolute path. */
export interface QemuTools {
  qemu: string;
  qemuImg: string;
  setpriv: string;
  nft: string;
}

export interface ResolvedQemuOptions extends Required<Omit<QemuOptions, 'runAs' | 'fence' | 'probeKernel' | 'tools'>> {
  arch: 'amd64' | 'arm64';
  runAs?: UidRange | 'caller';
  fence?: FenceMode;
  probeKernel?: string;
  tools: QemuTools;
}

/** Fills in the defaults. Throws when an option cannot work. */
export function resolveOptions(options: QemuOptions, arch: string): ResolvedQemuOptions {
  const { hostIp = '127.0.0.1', firstPort = 10_000, log = () => undefined, clock = systemClock } = options;
  if (!options.nodeDir.startsWith('/'))
    throw new Error(`QEMU driver: nodeDir is ${options.nodeDir}, must be absolute.`);
  if (!isDottedQuad(hostIp)) throw new Error(`QEMU driver: hostIp is ${hostIp}, must be an IPv4 address.`);
  const isArm = arch === 'arm64';
  const tools = {
    qemu: isArm ? 'qemu-system-aarch64' : 'qemu-system-x86_64',
    qemuImg: 'qemu-img',
    setpriv: 'setpriv',
    nft: 'nft',
  };
  return {
    ...options,
    hostIp,
    firstPort,
    log,
    clock,
    arch: isArm ? 'arm64' : 'amd64',
    tools: { ...tools, ...options.tools },
  };
}

/** The address goes into a comma separated QEMU option, so nothing but digits and dots may pass. */
function isDottedQuad(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
