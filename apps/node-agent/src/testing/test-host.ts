import type { Clock } from '#events';
import {
  DriverError,
  type DriverCapabilities,
  type HostVm,
  type Layer,
  type ScriptResult,
  type VmDriver,
  type VmSpec,
} from '../drivers/driver.js';

/** A host whose every step a test can delay or break. Its VMs outlive the agent. */
export class TestHost implements VmDriver {
  readonly name = 'simulated';
  readonly vms = new Map<string, HostVm>();
  /** VMs that somebody started by hand. */
  readonly strangers = new Set<string>();
  /** What was asked of it, in order: `start vm-1`. */
  readonly calls: string[] = [];
  bootMs = 100;
  readyMs = 100;
  scriptMs = 100;
  /** So old is what a look at the host shows when it arrives. */
  listMs = 0;
  commitMs = 100;
  scriptsRunning = 0;
  script: ScriptResult = { returnCode: 0, didTimeout: false, stdout: 'ok', stderr: '' };
  /** How often the call fails yet, by its name. */
  readonly failures = new Map<string, { times: number; error: Error }>();
  guestIp = '10.0.2.15';
  booting = 0;
  mostBooting = 0;

  constructor(private readonly clock: Clock) {}

  fail(call: string, error: Error, times = 1): void {
    this.failures.set(call, { times, error });
  }

  powerOff(vmId: string): void {
    const vm = this.vms.get(vmId);
    if (vm !== undefined) this.vms.set(vmId, { ...vm, status: 'stopped', stoppedAt: this.clock.now() });
  }

  async probe(): Promise<DriverCapabilities> {
    return { driver: 'simulated', version: '1', accelerator: 'none', arch: 'amd64', cpuCount: 8, memoryMiB: 16384 };
  }

  async list(): Promise<HostVm[]> {
    this.#breakIfDue('list');
    const seen = [...this.vms.values()];
    if (this.listMs > 0) await this.clock.sleep(this.listMs);
    return seen;
  }

  async listUnknown(): Promise<string[]> {
    this.#breakIfDue('listUnknown');
    return [...this.strangers];
  }

  async endUnknown(name: string): Promise<void> {
    this.calls.push(`endUnknown ${name}`);
    this.#breakIfDue('endUnknown');
    this.strangers.delete(name);
  }

  async start(spec: VmSpec, signal: AbortSignal): Promise<HostVm> {
    this.calls.push(`start ${spec.vmId}`);
    this.#breakIfDue('start');
    this.mostBooting = Math.max(this.mostBooting, ++this.booting);
    try {
      await this.#spend(this.bootMs, signal);
    } finally {
      this.booting--;
    }
    const known = this.vms.get(spec.vmId);
    const now = this.clock.now();
    const vm: HostVm = {
      vmId: spec.vmId,
      epoch: spec.epoch,
      uuid: `uuid-of-${spec.vmId}`,
      name: spec.name,
      status: 'running',
      cpu: spec.cpu,
      memoryMiB: spec.memoryMiB,
      guestIp: '',
      forwards: spec.forwards.map((rule, index) => ({
        ...rule,
        hostPort: rule.hostPort ?? 10_000 + index,
        protocol: 'tcp',
      })),
      restarts: known?.restarts ?? spec.restarts,
      createdAt: known?.createdAt ?? now,
      startedAt: now,
    };
    this.vms.set(spec.vmId, vm);
    return vm;
  }

  async waitReady(vmId: string, _timeoutMs: number, signal: AbortSignal): Promise<HostVm> {
    this.calls.push(`waitReady ${vmId}`);
    this.#breakIfDue('waitReady');
    await this.#spend(this.readyMs, signal);
    const vm = { ...this.#existing(vmId), guestIp: this.guestIp };
    this.vms.set(vmId, vm);
    return vm;
  }

  async runScript(vmId: string, script: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<ScriptResult> {
    this.calls.push(`runScript ${vmId} ${Buffer.from(script).toString()}`);
    this.#breakIfDue('runScript');
    this.scriptsRunning++;
    await this.#spend(Math.min(this.scriptMs, timeoutMs), signal).finally(() => this.scriptsRunning--);
    this.#existing(vmId);
    return this.scriptMs > timeoutMs ? { returnCode: -1, didTimeout: true, stdout: '', stderr: '' } : this.script;
  }

  async stop(vmId: string): Promise<void> {
    this.calls.push(`stop ${vmId}`);
    this.#breakIfDue('stop');
    this.powerOff(vmId);
  }

  async destroy(vmId: string): Promise<void> {
    this.calls.push(`destroy ${vmId}`);
    this.#breakIfDue('destroy');
    this.vms.delete(vmId);
  }

  async restart(vmId: string, restarts: number, signal: AbortSignal): Promise<HostVm> {
    this.calls.push(`restart ${vmId}`);
    this.#breakIfDue('restart');
    await this.#spend(this.bootMs, signal);
    const vm: HostVm = { ...this.#existing(vmId), status: 'running', restarts, startedAt: this.clock.now() };
    delete vm.stoppedAt;
    this.vms.set(vmId, vm);
    return vm;
  }

  async commit(vmId: string, signal: AbortSignal): Promise<Layer> {
    this.calls.push(`commit ${vmId}`);
    this.#breakIfDue('commit');
    await this.#spend(this.commitMs, signal);
    if (this.#existing(vmId).status === 'running') throw new DriverError('INVALID_ARGUMENT', `VM ${vmId} runs`, false);
    const sizeBytes = vmId.length;
    return { digest: `sha256:${'c'.repeat(64)}`, sizeBytes, open: async () => new Blob([vmId]) };
  }

  #existing(vmId: string): HostVm {
    const vm = this.vms.get(vmId);
    if (vm === undefined) throw new DriverError('GUEST_UNREACHABLE', `VM ${vmId} is not here`, true);
    return vm;
  }

  async #spend(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.clock.sleep(ms, signal);
    } catch (cause) {
      throw new DriverError('CANCELLED', 'cancelled', true, { cause });
    }
  }

  #breakIfDue(call: string): void {
    const failure = this.failures.get(call);
    if (failure === undefined || failure.times-- <= 0) return;
    throw failure.error;
  }
}
