import type { Assignment, CachedTemplate, DesiredNode } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { Site } from './site.js';
import { VmKeeper } from './vm-keeper.js';

/** Every VM that is wished on this node or is on its host. */
export class Keepers {
  readonly #keepers = new Map<string, VmKeeper>();
  /** Numbers the desired values, so that what one does not name is found without comparing lists. */
  #value = 0;
  #known = false;

  constructor(private readonly site: Site) {}

  get running(): number {
    let count = 0;
    for (const { actual } of this.#keepers.values()) if (actual?.status === 'running') count++;
    return count;
  }

  get size(): number {
    return this.#keepers.size;
  }

  /** Whether a VM that is wished here, or one on the host of which nothing else is known, needs the template. */
  needs({ templateId, tag }: CachedTemplate): boolean {
    for (const { wish, actual } of this.#keepers.values()) {
      if (wish === undefined ? actual !== undefined : wish.image.templateId === templateId && wish.image.tag === tag)
        return true;
    }
    return false;
  }

  /** Takes a desired value over: only VMs whose wish changed are looked at. */
  wish(desired: DesiredNode): void {
    this.site.asOf = desired.asOf;
    const value = ++this.#value;
    const changed: VmKeeper[] = [];
    for (const wish of desired.vms) {
      const keeper = this.#of(wish.vmId);
      keeper.named = value;
      if (!isSameWish(keeper.wish, wish)) changed.push(keeper);
      keeper.wish = wish;
    }
    for (const keeper of this.#keepers.values()) {
      if (keeper.named === value) continue;
      keeper.wish = undefined;
      changed.push(keeper);
    }
    if (!this.#known) this.#forgetStrangers();
    this.#known = true;
    for (const keeper of changed) keeper.look();
  }

  /** Takes a look at the host over, except for VMs to which something was done since it began. */
  survey(hostVms: readonly HostVm[], began: number): void {
    const found = new Map(hostVms.map((host) => [host.vmId, host]));
    for (const host of hostVms) this.#of(host.vmId);
    for (const keeper of this.#keepers.values()) {
      if (keeper.busy !== undefined || keeper.touched > began) continue;
      const before = keeper.actual;
      keeper.actual = found.get(keeper.vmId);
      if (!isSameHost(before, keeper.actual)) keeper.look();
    }
  }

  /** Looks at every VM again. */
  review(): void {
    for (const keeper of [...this.#keepers.values()]) keeper.review();
  }

  abandon(reason: Error): void {
    for (const keeper of this.#keepers.values()) keeper.abandon(reason);
  }

  /** Settles when the work that is under way now has ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map(async ({ busy }) => busy));
  }

  #of(vmId: string): VmKeeper {
    const known = this.#keepers.get(vmId);
    if (known !== undefined) return known;
    const keeper = new VmKeeper(vmId, this.site, (gone) => this.#keepers.delete(gone));
    this.#keepers.set(vmId, keeper);
    return keeper;
  }

  /** Ends the notes of VMs that are neither wished nor on the host: they were dropped while no agent was there. */
  #forgetStrangers(): void {
    const { notes, observer } = this.site.ports;
    for (const vmId of notes.open()) {
      const note = notes.get(vmId);
      if (this.#keepers.has(vmId) || note === undefined || note.epoch > this.site.asOf) continue;
      notes
        .end(vmId, note.epoch)
        .catch((cause: unknown) => observer.fault('write notes', this.site.identity.nodeId, cause));
    }
  }
}

/** Everything else of an assignment is fixed for its epoch. */
function isSameWish(a: Assignment | undefined, b: Assignment): boolean {
  return (
    a !== undefined &&
    a.epoch === b.epoch &&
    a.wish === b.wish &&
    a.started === b.started &&
    a.restarts === b.restarts &&
    a.save?.requestId === b.save?.requestId
  );
}

function isSameHost(a: HostVm | undefined, b: HostVm | undefined): boolean {
  return (
    a?.epoch === b?.epoch && a?.status === b?.status && a?.restarts === b?.restarts && a?.startedAt === b?.startedAt
  );
}
