import {
  type Actual,
  type Assignment,
  cacheKey,
  type Command,
  type DesiredNode,
  reconcile,
  type Report,
} from '#domain';
import type { Agenda } from './agenda.js';
import type { Habits } from './habits.js';
import { instanceOf } from './instance.js';
import type { NodePlan } from './plan.js';
import { PullLine, type PullWaiter } from './pull-line.js';
import { WishedPulls } from './wished-pulls.js';

/** What a node needs of the world around it. */
export interface Surroundings {
  readonly agenda: Agenda;
  readonly habits: Habits;
  readonly desired: () => DesiredNode;
  readonly tell: (command: Command) => void;
}

/** From a change of the desired state to the node's look at it, and from a report to its decision. */
const LATENCY_MS = 8;

interface HostVm {
  readonly wish: Assignment;
  state: 'pulling' | 'starting' | 'running' | 'stopping';
  restarts: number;
  waiter?: PullWaiter;
  startedAt: number;
}

/** A host and its agent: converges on the desired state by the real table of actions, taking the time that hosts take. */
export class SimulatedNode {
  private readonly vms = new Map<string, HostVm>();
  /** What the control plane was told to the end: the last epoch of each VM that is wished and not here. */
  private settled = new Map<string, number>();
  private readonly cache = new Set<string>();
  private readonly pulls: PullLine;
  private readonly wished: WishedPulls;
  private outbox: Report[] = [];
  private looks = false;
  private connected = true;
  /** Counts losses of power; what was planned in an earlier life does not happen. */
  private life = 0;

  constructor(
    readonly plan: NodePlan,
    private readonly around: Surroundings,
  ) {
    for (const { templateId, tag } of plan.cached) this.cache.add(cacheKey(templateId, tag));
    this.pulls = new PullLine(around.agenda, plan.pullBytesPerSecond, (key) => this.pulled(key));
    const isCached = (key: string): boolean => this.cache.has(key);
    this.wished = new WishedPulls(this.pulls, isCached, (key) => this.tellPulled(key));
  }

  get nodeId(): string {
    return this.plan.nodeId;
  }

  get isConnected(): boolean {
    return this.connected;
  }

  /** VMs that are on the host, whatever their state. */
  get holds(): ReadonlyMap<string, unknown> {
    return this.vms;
  }

  register(): void {
    const { facts, config } = this.plan;
    const cached = [...this.cache].map(templateOf);
    this.tell({ type: 'RegisterNode', nodeId: this.nodeId, facts, config, cached });
  }

  /** Its desired state may have changed. */
  wake(): void {
    if (this.looks || !this.connected) return;
    this.looks = true;
    this.later(LATENCY_MS, () => {
      this.looks = false;
      if (this.connected) this.look();
    });
  }

  disconnect(losesPower: boolean): void {
    this.connected = false;
    this.looks = false;
    if (!losesPower) return;
    this.life++;
    this.vms.clear();
    this.settled.clear();
    this.outbox = [];
    this.pulls.reset();
    this.wished.reset();
  }

  /** What was kept is said now, and what was missed is looked up. */
  reconnect(): void {
    this.connected = true;
    const kept = this.outbox;
    this.outbox = [];
    for (const report of kept) this.tell(report);
    this.wake();
  }

  private look(): void {
    const { asOf, vms, pulls = [] } = this.around.desired();
    this.wished.see(pulls);
    const wished = new Map(vms.map((wish) => [wish.vmId, wish]));
    this.settled = new Map([...this.settled].filter(([vmId]) => wished.has(vmId)));
    for (const [vmId, vm] of this.vms) if (!wished.has(vmId)) this.act(vm.wish, undefined, asOf);
    for (const wish of vms) this.act(wish, wish, asOf);
  }

  private act(about: Assignment, wish: Assignment | undefined, asOf: number): void {
    const vm = this.vms.get(about.vmId);
    if (vm?.state === 'stopping') return;
    const isUnderWay = vm !== undefined && vm.state !== 'running';
    if (isUnderWay && wish?.wish === 'present' && wish.epoch === vm.wish.epoch) return;
    if (vm === undefined && this.settled.get(about.vmId) === about.epoch) return;
    switch (reconcile(wish, vm && actual(vm), asOf)) {
      case 'start':
        return this.start(about);
      case 'destroy':
        return this.stop(about.vmId, vm);
      case 'report-terminated':
        return this.settle(about, { type: 'ReportVMTerminated', ...this.of(about) });
      case 'report-lost':
        return this.settle(about, { type: 'ReportVMLost', ...this.of(about), message: 'the VM is not on the host' });
      case 'announce':
      case 'nothing':
        return;
      default:
        throw new Error(`${this.nodeId} was asked for a restart of ${about.vmId}, which no scenario does`);
    }
  }

  private start(wish: Assignment): void {
    const { image, vmId } = wish;
    const key = cacheKey(image.templateId, image.tag);
    const vm: HostVm = { wish, state: 'starting', restarts: wish.restarts, startedAt: 0 };
    this.vms.set(vmId, vm);
    if (this.cache.has(key)) return this.boot(vm);
    vm.state = 'pulling';
    this.tell({ type: 'ReportVMPulling', ...this.of(wish) });
    vm.waiter = {
      arrived: () => {
        this.tell({ type: 'ReportVMPulled', ...this.of(wish) });
        this.boot(vm);
      },
    };
    this.pulls.wait(key, image.disk.sizeBytes, vm.waiter);
  }

  private boot(vm: HostVm): void {
    const { wish } = vm;
    vm.state = 'starting';
    const start = this.around.habits.start(wish.vmId, wish.image.templateId, this.plan.failureRate);
    if (start.kind === 'hangs') return;
    this.later(start.afterMs, () => {
      if (this.vms.get(wish.vmId) !== vm || vm.state !== 'starting') return;
      if (start.kind === 'fails') return this.fail(vm);
      vm.state = 'running';
      vm.startedAt = this.around.agenda.now;
      this.tell({ type: 'ReportVMStarted', ...this.of(wish), instance: instanceOf(this.plan, wish, vm.startedAt) });
    });
  }

  private fail({ wish }: HostVm): void {
    this.vms.delete(wish.vmId);
    const message = 'the hypervisor gave up';
    this.settle(wish, { type: 'ReportVMStartFailed', ...this.of(wish), message, retryable: true });
  }

  private stop(vmId: string, vm: HostVm | undefined): void {
    if (vm === undefined) return;
    if (vm.waiter !== undefined) this.pulls.leave(vm.waiter);
    vm.state = 'stopping';
    this.later(this.around.habits.stopMs(vmId), () => {
      this.vms.delete(vmId);
      this.wake();
    });
  }

  private pulled(key: string): void {
    this.cache.add(key);
    this.tellPulled(key);
  }

  private tellPulled(key: string): void {
    this.tell({ type: 'ReportTemplatePulled', nodeId: this.nodeId, ...templateOf(key) });
  }

  private settle(wish: Assignment, report: Report): void {
    this.settled.set(wish.vmId, wish.epoch);
    this.tell(report);
  }

  private tell(report: Report): void {
    if (!this.connected) return void this.outbox.push(report);
    this.around.agenda.in(LATENCY_MS, () => this.around.tell(report));
  }

  private later(delayMs: number, happen: () => void): void {
    const { life } = this;
    this.around.agenda.in(delayMs, () => this.life === life && happen());
  }

  private of({ vmId, epoch }: Assignment): { nodeId: string; vmId: string; epoch: number } {
    return { nodeId: this.nodeId, vmId, epoch };
  }
}

/** A VM on its way up is not there yet, unless it must go. */
const actual = ({ wish, restarts }: HostVm): Actual => ({ epoch: wish.epoch, status: 'running', restarts });

function templateOf(key: string): { templateId: string; tag: string } {
  const [templateId = '', tag = ''] = key.split('\n');
  return { templateId, tag };
}
