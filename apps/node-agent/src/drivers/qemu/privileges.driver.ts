import { statSync } from 'node:fs';
import { readFileIfPresent } from '../atomic-file.driver.js';
import type { UidRange } from './options.js';

/** Above all ranges that systemd, containers and people use. */
const PREFERRED_BASE = 1_900_000_000;
const PREFERRED_SLOTS = 256;
/** Inside a container whose user ids end at 65535: above people and packages, below systemd's dynamic users. */
const NARROW_BASE = 50_000;
const NARROW_SLOTS = 32;
export const UIDS_PER_NODE = 256;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A range for the node of this directory; nodes on one host get different ones, chosen by the hash of their directory. */
export function defaultUidRange(nodeHash: number): UidRange {
  const wide = isMapped(PREFERRED_BASE + PREFERRED_SLOTS * UIDS_PER_NODE);
  const [base, slots] = wide ? [PREFERRED_BASE, PREFERRED_SLOTS] : [NARROW_BASE, NARROW_SLOTS];
  return { uidBase: base + (nodeHash % slots) * UIDS_PER_NODE, uidCount: UIDS_PER_NODE };
}

/**
 * What comes before QEMU on the command line to run it as the user, with no way to gain anything. `uid` absent: as the caller.
 * The group of /dev/kvm stays when that accelerator is used.
 */
export function privilegePrefix(setpriv: string | undefined, uid: number | undefined, accelerator: string): string[] {
  if (!setpriv) return [];
  const lasting = ['--no-new-privs', '--inh-caps=-all'];
  if (uid === undefined)
    return [setpriv, ...(isRoot() ? [...lasting, '--bounding-set=-all'] : ['--no-new-privs']), '--'];
  const kvmGroup = accelerator === 'kvm' ? kvmGid() : undefined;
  const groups = kvmGroup === undefined ? ['--clear-groups'] : [`--groups=${kvmGroup}`];
  return [setpriv, `--reuid=${uid}`, `--regid=${uid}`, ...groups, ...lasting, '--bounding-set=-all', '--'];
}

/** The group that may use /dev/kvm; never root's own group, which may do more than that. */
function kvmGid(): number | undefined {
  try {
    return statSync('/dev/kvm').gid || undefined;
  } catch {
    return undefined;
  }
}

/** Whether this user namespace has the id at all. */
function isMapped(uid: number): boolean {
  const map = readFileIfPresent('/proc/self/uid_map') ?? '';
  return map.split('\n').some((line) => {
    const [inside = NaN, , count = NaN] = line.trim().split(/\s+/).map(Number);
    return uid >= inside && uid < inside + count;
  });
}
