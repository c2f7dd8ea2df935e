import {
  type Cluster,
  type Command,
  decide,
  evolve,
  type HostInstance,
  type RecordedCommand,
  type RecordedEvent,
  type TemplateId,
  type Vm,
  type VmId,
} from '#domain';
import { Turn } from '../../../libs/domain/src/turn.js';
import { Random } from '../../simulation/random.js';

export const TEMPLATES = 20;
export const GROUPS = 4;
const CAPACITY = 8;
/** The fleet is kept this full, so that most nodes have neighbours and some are full. */
const FILLED = 0.8;

const INSTANCE: HostInstance = {
  uuid: 'u',
  name: 'vm',
  status: 'running',
  cpu: 2,
  memoryMiB: 4096,
  hostIp: '127.0.0.1',
  guestIp: '127.0.0.1',
  forwards: [],
  createdAt: 0,
  startedAt: 0,
};

/** A fleet, and a source of commands for it, from a seed. */
export class PlacementFleet {
  private readonly random = new Random(7);
  private sequence = 0;
  private made = 0;
  private readonly alive: string[] = [];

  constructor(
    readonly cluster: Cluster,
    readonly nodes: number,
  ) {
    for (let n = 0; n < TEMPLATES; n++) this.tell(pushTemplate(n));
    for (let n = 0; n < GROUPS; n++)
      this.tell({ type: 'CreateGroup', groupId: `g${n}`, name: `g${n}`, description: '' });
    for (let n = 0; n < nodes; n++) this.join(n);
    for (let n = 0; n < nodes * CAPACITY * FILLED; n++) this.live(this.recorded(this.start()));
  }

  tell(command: Command): void {
    decide(this.cluster, this.recorded(command));
  }

  recorded(command: Command): RecordedCommand {
    const sequence = ++this.sequence;
    const id = `c-${sequence}`;
    return { cause: { sequence, id, actor: 'bench', correlationId: id }, time: 1_760_000_000_000 + sequence, command };
  }

  /** Decides a start, and lets the nodes report what came of it. */
  private live(command: RecordedCommand): void {
    this.report(decide(this.cluster, command).events);
  }

  /** Each VM that was placed is pulled for, if it must be, and runs. */
  report(events: readonly RecordedEvent[]): void {
    for (const { event, sequence } of events) {
      if (event.type !== 'VMScheduled') continue;
      const { nodeId, vmId } = event;
      const vm = this.cluster.vms.get(vmId);
      if (vm?.phase.name === 'assigned' && vm.phase.needsPull) {
        const { templateId, tag } = vm.image;
        this.tell({ type: 'ReportTemplatePulled', nodeId, templateId, tag });
      }
      this.tell({ type: 'ReportVMStarted', nodeId, vmId, epoch: sequence, instance: INSTANCE });
    }
  }

  /** One more VM: a template by popularity, a priority, and a group in half of the cases. */
  start(): Command {
    const vmId = `vm-${++this.made}`;
    this.alive.push(vmId);
    const template = Math.floor(TEMPLATES * this.random.next() ** 2);
    const group = this.random.between(0, 2 * GROUPS - 1);
    const request = {
      templateId: `t${template}`,
      priority: this.random.between(1, 10) * 100,
      ...(group < GROUPS && { groupId: `g${group}` }),
    };
    return { type: 'StartVM', vmIds: [vmId], request };
  }

  /** The turn in which a VM that was just accepted waits for its placement. */
  accepted(): Turn {
    const command = this.start();
    if (command.type !== 'StartVM') throw new Error('start() makes StartVM');
    const { request, vmIds } = command;
    const version = this.cluster.templates.get(request.templateId as TemplateId)?.versions[0];
    if (version === undefined) throw new Error(`There is no template ${request.templateId}`);
    const { image, cpu, memoryMiB, forwards } = version;
    const { cause, time } = this.recorded(command);
    const event = { type: 'StartVM', vmId: vmIds[0] as VmId, request, image, cpu, memoryMiB, forwards } as const;
    evolve(this.cluster, { sequence: this.cluster.sequence + 1, id: `${cause.id}:0`, time, cause, event });
    return new Turn(this.cluster, { cause, time, command });
  }

  /** Any VM ends, and its node says so. */
  endOne(): void {
    const index = this.random.between(0, this.alive.length - 1);
    const [vmId] = this.alive.splice(index, 1, this.alive.at(-1) as string);
    this.alive.pop();
    const vm = this.cluster.vms.get(vmId as Vm['id']);
    const at = vm !== undefined && 'at' in vm.phase ? vm.phase.at : undefined;
    if (vmId === undefined) return;
    this.tell({ type: 'TerminateVM', vmId });
    if (at !== undefined) this.tell({ type: 'ReportVMTerminated', vmId, nodeId: at.nodeId, epoch: at.epoch });
    this.tell({ type: 'RunTimers' });
  }

  private join(n: number): void {
    const nodeId = `node-${n}`;
    const cached = Array.from({ length: 5 }, () => Math.floor(TEMPLATES * this.random.next() ** 2));
    this.tell({
      type: 'RegisterNode',
      nodeId,
      facts: {
        name: nodeId,
        host: '127.0.0.1',
        arch: 'amd64',
        cpuCount: 16,
        memoryMiB: 65_536,
        driver: 'simulated',
        driverVersion: '1',
        agentVersion: '1',
      },
      config: { capacityMode: 'number', capacity: CAPACITY, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
      cached: [...new Set(cached)].map((template) => ({ templateId: `t${template}`, tag: 'v1' })),
    });
    this.tell({ type: 'AddNodesToGroups', nodeIds: [nodeId], groupIds: [`g${n % GROUPS}`] });
  }
}

function pushTemplate(n: number): Command {
  const disk = { digest: `sha256:${String(n).padStart(64, '0')}`, sizeBytes: 4_000_000_000 };
  const shape = { arch: 'amd64', tag: 'v1', description: '', cpu: 2, memoryMiB: 4096, forwards: [] } as const;
  return { type: 'PushTemplate', templateId: `t${n}`, name: `t${n}`, disk, ...shape };
}
