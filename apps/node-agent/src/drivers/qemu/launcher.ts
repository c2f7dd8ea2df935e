import { join } from 'node:path';
import { throwIfCancelled } from '../cancel.js';
import { DriverError } from '../driver.js';
import { KeyedLock } from '../keyed-lock.js';
import { commandLine } from './command-line.js';
import { dropLayer } from './commit-layer.driver.js';
import type { GuestFence } from './guest-fence.js';
import type { QemuHost } from './host.driver.js';
import { launchError } from './launch-error.js';
import { MAX_PORT_ATTEMPTS, MONITOR_DEADLINE_MS } from './limits.js';
import { Monitor } from './monitor.js';
import type { ResolvedQemuOptions } from './options.js';
import { isPortFree } from './port-check.driver.js';
import { allocatePorts } from './ports.js';
import { privilegePrefix } from './privileges.driver.js';
import { isAlive } from './process.driver.js';
import { QEMU_LOG, readTail, spawnQemu } from './qemu-process.driver.js';
import type { RecordStore } from './record-store.driver.js';
import { killAndWait } from './shutdown.js';
import { prepareFiles } from './vm-files.driver.js';
import type { ProcessIdentity, VmRecord } from './vm-record.js';

const POLL_MS = 20;

/** Turns a VM's record into a running QEMU. */
export class Launcher {
  /** Two VMs started at once must not choose the same free port. */
  private readonly planning = new KeyedLock();

  constructor(
    private readonly options: ResolvedQemuOptions,
    private readonly host: QemuHost,
    private readonly store: RecordStore,
    private readonly fence: GuestFence,
  ) {}

  /**
   * Boots the VM from its disk, making the disk if there is none. The record is on disk before the process is started and names the
   * process right after. Throws `DriverError`; no process is left then.
   */
  async launch(record: VmRecord, restarts: number, signal: AbortSignal): Promise<VmRecord> {
    const { vmId, image } = record.spec;
    const workDir = this.store.workDir(vmId);
    dropLayer(this.store.dir(vmId));
    const owner = record.uid === undefined ? {} : { uid: record.uid };
    await prepareFiles(
      { blobDir: join(this.options.nodeDir, 'blobs'), workDir, qemuImg: this.host.qemuImg, ...owner },
      image,
    );
    await this.fence.raise();
    const unusable = new Set<number>();
    for (let attempt = 1; ; attempt++) {
      throwIfCancelled(signal, `starting VM "${vmId}"`);
      const planned = await this.planning.run('ports', () => this.planPorts(record, unusable));
      try {
        return await this.boot(planned, restarts, signal);
      } catch (error) {
        const isTaken = error instanceof DriverError && error.code === 'PORT_IN_USE';
        if (!isTaken || attempt === MAX_PORT_ATTEMPTS || chosenPorts(planned).length === 0) throw error;
        for (const port of chosenPorts(planned)) unusable.add(port);
      }
    }
  }

  private async planPorts(record: VmRecord, unusable: ReadonlySet<number>): Promise<VmRecord> {
    const others = this.store.all().filter((other) => other.spec.vmId !== record.spec.vmId);
    const reserved = new Set([
      ...unusable,
      ...others.flatMap((other) => other.forwards.map(({ hostPort }) => hostPort)),
    ]);
    const forwards = await allocatePorts({
      rules: record.spec.forwards,
      previous: record.forwards,
      firstPort: this.options.firstPort,
      reserved,
      isFree: (port) => isPortFree(port, this.options.hostIp),
    });
    const planned = { ...record, forwards };
    this.store.save(planned);
    return planned;
  }

  private async boot(record: VmRecord, restarts: number, signal: AbortSignal): Promise<VmRecord> {
    const { vmId } = record.spec;
    const logFile = join(this.store.dir(vmId), QEMU_LOG);
    const process = await spawnQemu(this.command(record), this.store.workDir(vmId), logFile);
    const running: VmRecord = {
      ...record,
      restarts,
      startedAt: this.options.clock.now(),
      launch: { ...process, accelerator: this.host.accelerator },
    };
    delete running.stoppedAt;
    this.store.save(running);
    try {
      await this.awaitMonitor(running, process, logFile, signal);
      return running;
    } catch (error) {
      await killAndWait(process, this.options.clock);
      this.store.save({ ...record, stoppedAt: this.options.clock.now() });
      throw error;
    }
  }

  private async awaitMonitor(
    record: VmRecord,
    process: ProcessIdentity,
    logFile: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.options;
    const { vmId } = record.spec;
    const end = clock.now() + MONITOR_DEADLINE_MS;
    for (;;) {
      const monitor = await Monitor.open(this.store.workDir(vmId), clock).catch(() => undefined);
      monitor?.close();
      if (monitor) return;
      if (!isAlive(process)) throw launchError(vmId, readTail(logFile));
      throwIfCancelled(signal, `starting VM "${vmId}"`);
      if (clock.now() > end) {
        const message = `QEMU for VM "${vmId}" did not open its monitor within ${MONITOR_DEADLINE_MS} ms.`;
        throw new DriverError('TOOL_FAILED', message, true);
      }
      await clock.sleep(POLL_MS);
    }
  }

  private command(record: VmRecord): string[] {
    const { spec } = record;
    const { image } = spec;
    const cmdline = image.cmdline === undefined ? {} : { cmdline: image.cmdline };
    const qemu = commandLine({
      vmId: spec.vmId,
      uuid: record.uuid,
      arch: this.options.arch,
      accelerator: this.host.accelerator,
      cpu: spec.cpu,
      memoryMiB: spec.memoryMiB,
      ...(image.kernel ? { kernel: { hasInitrd: Boolean(image.initrd), ...cmdline } } : {}),
      lowerLayers: image.base?.length ?? 0,
      fence: this.host.fence,
      hostIp: this.options.hostIp,
      forwards: record.forwards,
    });
    return [...privilegePrefix(this.host.setpriv, record.uid, this.host.accelerator), this.host.qemu, ...qemu];
  }
}

/** Host ports that were the driver's own choice. */
function chosenPorts(record: VmRecord): number[] {
  return record.forwards.flatMap(({ hostPort }, index) =>
    record.spec.forwards[index]?.hostPort === undefined ? [hostPort] : [],
  );
}
