import { throwIfCancelled } from '../cancel.js';
import {
  DriverError,
  type DriverCapabilities,
  type HostVm,
  type Layer,
  type ScriptResult,
  type VmDriver,
  type VmSpec,
} from '../driver.js';
import { KeyedLock } from '../keyed-lock.js';
import { checkSpec, checkVmId } from '../vm-spec.js';
import { adopt, stopped } from './adoption.js';
import { commitLayer } from './commit-layer.driver.js';
import { GuestAgents } from './guest-agents.js';
import { GuestFence } from './guest-fence.js';
import { Guests, unreachable, type Guest } from './guests.js';
import { examineHost, type QemuHost } from './host.driver.js';
import { hostSize } from './host-size.driver.js';
import { Launcher } from './launcher.js';
import { resolveOptions, type QemuOptions, type ResolvedQemuOptions } from './options.js';
import { privilegePrefix } from './privileges.driver.js';
import { isAlive } from './process.driver.js';
import { capVmLogs } from './qemu-process.driver.js';
import { RecordStore } from './record-store.driver.js';
import { shutDown } from './shutdown.js';
import { freeUid } from './uids.js';
import { hostVm, newRecord, type VmRecord } from './vm-record.js';

/** What the driver has once it has looked at its host. */
interface Opened {
  host: QemuHost;
  store: RecordStore;
  fence: GuestFence;
  launcher: Launcher;
}

/** VMs as detached QEMU processes. They outlive this process; the next one finds them by the records below `nodeDir`. */
export class QemuDriver implements VmDriver {
  readonly name = 'qemu';
  private readonly options: ResolvedQemuOptions;
  private readonly size = hostSize();
  private readonly locks = new KeyedLock();
  private readonly agents: GuestAgents;
  private readonly guests: Guests;
  private opening: Promise<Opened> | undefined;

  constructor(options: QemuOptions) {
    this.options = resolveOptions(options, this.size.arch);
    this.agents = new GuestAgents(this.options.clock);
    this.guests = new Guests(this.agents, this.options.clock);
  }

  async probe(): Promise<DriverCapabilities> {
    const { host } = await this.open();
    const { cpuCount, memoryMiB } = this.size;
    return {
      driver: 'qemu',
      version: host.version,
      accelerator: host.accelerator,
      arch: this.options.arch,
      cpuCount,
      memoryMiB,
    };
  }

  /** Also cuts overgrown logs and keeps the fence up, since the caller asks every few seconds. */
  async list(): Promise<HostVm[]> {
    const { store, fence } = await this.open();
    await fence.refresh();
    for (const { spec } of store.all()) capVmLogs(store.dir(spec.vmId), store.workDir(spec.vmId));
    return store
      .all()
      .map((record) => hostVm(this.locks.isHeld(record.spec.vmId) ? record : this.observe(store, record)));
  }

  /**
   * Always empty: QEMU keeps no list of its guests, and a process named like it may be anybody's, of any user, for any purpose. What is
   * not in the records below `nodeDir` cannot be told from the rest of the host, and must not be ended on suspicion.
   */
  async listUnknown(): Promise<string[]> {
    return [];
  }

  async endUnknown(): Promise<void> {}

  async start(spec: VmSpec, signal: AbortSignal): Promise<HostVm> {
    checkSpec(spec);
    const { host, store, launcher, fence } = await this.open();
    return this.exclusively(spec.vmId, async () => {
      throwIfCancelled(signal, `starting VM "${spec.vmId}"`);
      const known = this.find(store, spec.vmId);
      if (known && known.spec.epoch !== spec.epoch) throw otherEpoch(known, spec);
      if (known?.launch) return hostVm(known);
      const record = known ?? this.enrol(spec, host, store);
      try {
        return hostVm(await launcher.launch(record, Math.max(record.restarts, spec.restarts), signal));
      } catch (error) {
        if (!known) {
          store.remove(spec.vmId);
          await fence.lowerIfUnused();
        }
        throw error;
      }
    });
  }

  async waitReady(vmId: string, timeoutMs: number, signal: AbortSignal): Promise<HostVm> {
    const { store } = await this.open();
    const guestIp = await this.guests.waitReady(this.guest(store, vmId), timeoutMs, signal);
    const record = this.find(store, vmId);
    if (!record?.launch) throw unreachable(vmId, 'it has been stopped');
    if (record.guestIp !== guestIp) store.save({ ...record, guestIp });
    return hostVm({ ...record, guestIp });
  }

  async runScript(vmId: string, script: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<ScriptResult> {
    const { store } = await this.open();
    return this.guests.runScript(this.guest(store, vmId), script, timeoutMs, signal);
  }

  async stop(vmId: string, graceMs: number): Promise<void> {
    checkVmId(vmId);
    const { store } = await this.open();
    await this.exclusively(vmId, () => this.end(store, vmId, graceMs));
  }

  async destroy(vmId: string, graceMs: number): Promise<void> {
    checkVmId(vmId);
    const { store, fence } = await this.open();
    await this.exclusively(vmId, async () => {
      await this.end(store, vmId, graceMs);
      store.remove(vmId);
      await fence.lowerIfUnused();
    });
  }

  async restart(vmId: string, restarts: number, signal: AbortSignal): Promise<HostVm> {
    checkVmId(vmId);
    const { store, launcher } = await this.open();
    return this.exclusively(vmId, async () => {
      const record = this.find(store, vmId);
      if (!record)
        throw new DriverError('INVALID_ARGUMENT', `Cannot restart VM "${vmId}": it is not on this host.`, false);
      if (record.restarts >= restarts) return hostVm(record);
      await this.end(store, vmId, 0);
      return hostVm(await launcher.launch(store.get(vmId) ?? record, restarts, signal));
    });
  }

  async commit(vmId: string, signal: AbortSignal): Promise<Layer> {
    checkVmId(vmId);
    const { host, store } = await this.open();
    return this.exclusively(vmId, async () => {
      const record = this.find(store, vmId);
      if (!record || record.launch) {
        const why = record ? 'it is running' : 'it is not on this host';
        throw new DriverError('INVALID_ARGUMENT', `Cannot save the disk of VM "${vmId}": ${why}.`, false);
      }
      const files = { dir: store.dir(vmId), workDir: store.workDir(vmId) };
      const prefix = privilegePrefix(host.setpriv, record.uid, 'none');
      return commitLayer({ ...files, qemuImg: [...prefix, host.qemuImg], vmId, signal });
    });
  }

  private open(): Promise<Opened> {
    this.opening ??= this.openOnce().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async openOnce(): Promise<Opened> {
    const { options } = this;
    const host = await examineHost(options);
    const store = new RecordStore(options.nodeDir);
    for (const record of store.all()) await adopt(record, store, options.clock, options.log);
    const fence = new GuestFence(host.nft, options.clock, () => store.all().length > 0, options.log);
    await fence.lowerIfUnused();
    return { host, store, fence, launcher: new Launcher(options, host, store, fence) };
  }

  private enrol(spec: VmSpec, host: QemuHost, store: RecordStore): VmRecord {
    const used = new Set(store.all().flatMap(({ uid }) => uid ?? []));
    const record = newRecord(spec, host.uids && freeUid(host.uids, used), this.options.clock.now());
    store.save(record);
    return record;
  }

  private async end(store: RecordStore, vmId: string, graceMs: number): Promise<void> {
    const record = this.find(store, vmId);
    if (!record?.launch) return;
    const { clock } = this.options;
    await shutDown({ process: record.launch, workDir: store.workDir(vmId), clock, agents: this.agents }, graceMs);
    store.save(stopped(store.get(vmId) ?? record, clock.now()));
  }

  private find(store: RecordStore, vmId: string): VmRecord | undefined {
    const record = store.get(vmId);
    return record && this.observe(store, record);
  }

  /** The record as the host is now: a VM whose process has ended is stopped. */
  private observe(store: RecordStore, record: VmRecord): VmRecord {
    if (!record.launch || isAlive(record.launch)) return record;
    const observed = stopped(record, this.options.clock.now());
    store.save(observed);
    return observed;
  }

  private guest(store: RecordStore, vmId: string): Guest {
    checkVmId(vmId);
    const record = this.find(store, vmId);
    if (!record?.launch) throw unreachable(vmId, record ? 'it is stopped' : 'it is not on this host');
    return { vmId, workDir: store.workDir(vmId), launch: record.launch };
  }

  /** Runs a change of the VM when no other one is under way; what it throws becomes a {@link DriverError}. */
  private async exclusively<T>(vmId: string, change: () => Promise<T>): Promise<T> {
    return this.locks.run(vmId, change).catch((error: unknown) => {
      if (error instanceof DriverError) throw error;
      const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      throw new DriverError(isFull ? 'NO_SPACE' : 'TOOL_FAILED', `VM "${vmId}": ${(error as Error).message}`, true, {
        cause: error,
      });
    });
  }
}

function otherEpoch(known: VmRecord, spec: VmSpec): DriverError {
  const message = `Cannot start VM "${spec.vmId}" of epoch ${spec.epoch}: epoch ${known.spec.epoch} is on this host and must be destroyed first.`;
  return new DriverError('INVALID_ARGUMENT', message, false);
}
