import { cancelled, throwIfCancelled } from '../cancel.js';
import {
  type DriverCapabilities,
  DriverError,
  type Forward,
  type ForwardRule,
  type HostVm,
  type Layer,
  type ScriptResult,
  type VmDriver,
  type VmSpec,
} from '../driver.js';
import { outputText } from '../script-output.js';
import { checkSpec, checkVmId } from '../vm-spec.js';
import { FIRST_SIMULATED_PORT, type SimulatedOptions } from './options.js';
import { hostVm, layerOf, type SimulatedVm } from './simulated-vm.js';

/** A host that only pretends, behind the real port: for demos, load tests and the simulation. One object is one host. */
export class SimulatedDriver implements VmDriver {
  readonly name = 'simulated';
  private readonly vms = new Map<string, SimulatedVm>();
  private readonly strangers = new Set<string>();
  private readonly takenPorts = new Set<number>();
  private nextPort = FIRST_SIMULATED_PORT;

  constructor(private readonly options: SimulatedOptions) {}

  async probe(): Promise<DriverCapabilities> {
    const { arch, cpuCount, memoryMiB } = this.options;
    return { driver: 'simulated', version: '1', accelerator: 'none', arch, cpuCount, memoryMiB };
  }

  async list(): Promise<HostVm[]> {
    return [...this.vms.values()].map((vm) => this.describe(vm));
  }

  async listUnknown(): Promise<string[]> {
    return [...this.strangers].sort();
  }

  async endUnknown(name: string): Promise<void> {
    this.strangers.delete(name);
  }

  /** Somebody starts a VM by hand on this host. */
  startByHand(name: string): void {
    this.strangers.add(name);
  }

  async start(spec: VmSpec, signal: AbortSignal): Promise<HostVm> {
    checkSpec(spec);
    throwIfCancelled(signal, `starting VM ${spec.vmId}`);
    const known = this.vms.get(spec.vmId);
    if (known !== undefined && known.spec.epoch !== spec.epoch) {
      const message = `Cannot start VM ${spec.vmId} of epoch ${spec.epoch}: epoch ${known.spec.epoch} of it is on the host`;
      throw new DriverError('INVALID_ARGUMENT', message, false);
    }
    if (known?.status === 'running') return this.describe(known);
    if (this.options.random() < this.options.failureRate) {
      throw new DriverError('TOOL_FAILED', `Cannot start VM ${spec.vmId}: the simulated host failed`, true);
    }
    const vm = known ?? this.create(spec);
    this.boot(vm);
    return this.describe(vm);
  }

  async waitReady(vmId: string, timeoutMs: number, signal: AbortSignal): Promise<HostVm> {
    const vm = this.running(vmId);
    const { clock } = this.options;
    const deadline = clock.now() + timeoutMs;
    // A timer may fire a little early, and a restart may have come in between: look again until it is really so.
    for (let now = clock.now(); now < Math.min(vm.readyAt, deadline); now = clock.now()) {
      await this.pause(Math.min(vm.readyAt, deadline) - now, signal, `waiting for VM ${vmId}`);
      if (this.vms.get(vmId) !== vm || vm.status !== 'running') break;
    }
    if (this.vms.get(vmId) !== vm || vm.status !== 'running' || clock.now() < vm.readyAt) {
      throw new DriverError('GUEST_UNREACHABLE', `Guest of VM ${vmId} did not answer within ${timeoutMs} ms`, true);
    }
    return this.describe(vm);
  }

  async runScript(vmId: string, script: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<ScriptResult> {
    this.running(vmId);
    const text = Buffer.from(script).toString();
    const { scriptMs: setting, script: outcome } = this.options;
    const scriptMs = typeof setting === 'number' ? setting : setting(text);
    await this.pause(Math.min(scriptMs, timeoutMs), signal, `running the script in VM ${vmId}`);
    this.running(vmId);
    if (scriptMs > timeoutMs) return { returnCode: -1, didTimeout: true, stdout: '', stderr: '' };
    const { stdout, stderr, ...rest } = outcome(text);
    return { ...rest, stdout: outputText(Buffer.from(stdout)), stderr: outputText(Buffer.from(stderr)) };
  }

  async stop(vmId: string): Promise<void> {
    const vm = this.vms.get(vmId);
    if (vm === undefined || vm.status === 'stopped') return;
    vm.status = 'stopped';
    vm.stoppedAt = this.options.clock.now();
  }

  async destroy(vmId: string): Promise<void> {
    checkVmId(vmId);
    this.remove(vmId);
  }

  async restart(vmId: string, restarts: number, signal: AbortSignal): Promise<HostVm> {
    throwIfCancelled(signal, `restarting VM ${vmId}`);
    const vm = this.vms.get(vmId);
    if (vm === undefined)
      throw new DriverError('INVALID_ARGUMENT', `Cannot restart VM ${vmId}: it is not on this host`, false);
    if (vm.restarts >= restarts) return this.describe(vm);
    vm.restarts = restarts;
    this.boot(vm);
    return this.describe(vm);
  }

  async commit(vmId: string, signal: AbortSignal): Promise<Layer> {
    throwIfCancelled(signal, `saving the disk of VM ${vmId}`);
    const vm = this.vms.get(vmId);
    if (vm?.status === 'stopped') return layerOf(vm);
    const why = vm === undefined ? 'it is not on this host' : 'it is running';
    throw new DriverError('INVALID_ARGUMENT', `Cannot save the disk of VM ${vmId}: ${why}`, false);
  }

  private create(spec: VmSpec): SimulatedVm {
    const now = this.options.clock.now();
    const forwards = this.takePorts(spec.forwards);
    const vm: SimulatedVm = {
      spec,
      forwards,
      createdAt: now,
      status: 'stopped',
      restarts: spec.restarts,
      startedAt: now,
      readyAt: now,
    };
    this.vms.set(spec.vmId, vm);
    return vm;
  }

  /** A boot never carries the start date of the boot before it. */
  private boot(vm: SimulatedVm): void {
    const { clock, random, bootMsMin, bootMsMax } = this.options;
    const now = clock.now();
    vm.startedAt = vm.stoppedAt === undefined && vm.status === 'stopped' ? now : Math.max(now, vm.startedAt + 1);
    vm.status = 'running';
    delete vm.stoppedAt;
    vm.readyAt = now + bootMsMin + random() * (bootMsMax - bootMsMin);
  }

  private remove(vmId: string): void {
    for (const { hostPort } of this.vms.get(vmId)?.forwards ?? []) this.takenPorts.delete(hostPort);
    this.vms.delete(vmId);
  }

  private takePorts(rules: readonly ForwardRule[]): Forward[] {
    const named = rules.flatMap((rule) => rule.hostPort ?? []);
    const clash = named.find((port) => this.takenPorts.has(port));
    if (clash !== undefined) {
      throw new DriverError('PORT_IN_USE', `Cannot forward host port ${clash}: another VM has it`, true);
    }
    for (const port of named) this.takenPorts.add(port);
    return rules.map((rule) => ({ ...rule, hostPort: rule.hostPort ?? this.freePort(), protocol: 'tcp' }));
  }

  private freePort(): number {
    for (let tried = FIRST_SIMULATED_PORT; tried <= LAST_PORT; tried++) {
      const port = this.nextPort;
      this.nextPort = nextOf(port);
      if (this.takenPorts.has(port)) continue;
      this.takenPorts.add(port);
      return port;
    }
    throw new DriverError('PORT_IN_USE', `No host port from ${FIRST_SIMULATED_PORT} to ${LAST_PORT} is free`, true);
  }

  private running(vmId: string): SimulatedVm {
    const vm = this.vms.get(vmId);
    if (vm?.status === 'running') return vm;
    throw new DriverError('GUEST_UNREACHABLE', `VM ${vmId} does not run on this host`, true);
  }

  private async pause(ms: number, signal: AbortSignal, doing: string): Promise<void> {
    try {
      await this.options.clock.sleep(ms, signal);
    } catch {
      throw cancelled(signal, doing);
    }
  }

  private describe(vm: SimulatedVm): HostVm {
    return hostVm(vm, this.options.clock.now());
  }
}

const LAST_PORT = 65_535;
const nextOf = (port: number): number => (port >= LAST_PORT ? FIRST_SIMULATED_PORT : port + 1);
