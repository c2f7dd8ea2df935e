import { parseArgs } from 'node:util';
import { type Cluster, type Command, decide, emptyCluster, type RecordedCommand, type Vm } from '#domain';
import { Random } from '../simulation/random.js';
import { FirstFit } from '../simulation/scale/baselines.js';
import { printFigures, quantile } from './parts/figures.js';

/** How fast the rules decide: in memory, one command after the other, nothing stored and nothing sent. */
const SIZES = [100, 1_000, 5_000, 10_000];
const TEMPLATES = 20;
const GROUPS = 4;
const CAPACITY = 8;
/** The fleet is kept this full, so that most nodes have neighbours and some are full. */
const FILLED = 0.8;
/** Starts that are timed in one piece; before each piece as many VMs end. */
const PIECE = 100;
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const MEASURED_MS = Number(values.seconds) * 1000;
const TARGET_PER_SECOND = 100_000;
const WAITING = 100_000;

/** A fleet, and a source of commands for it, from a seed. */
class Fleet {
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
    for (let n = 0; n < nodes * CAPACITY * FILLED; n++) this.tell(this.start());
  }

  tell(command: Command): void {
    decide(this.cluster, this.recorded(command));
  }

  recorded(command: Command): RecordedCommand {
    const sequence = ++this.sequence;
    const id = `c-${sequence}`;
    return { cause: { sequence, id, actor: 'bench', correlationId: id }, time: 1_760_000_000_000 + sequence, command };
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

interface Speed {
  readonly perSecond: number;
  readonly placed: number;
}

/** Starts per second, each accepted, placed and folded; ends are not timed. */
function churn(fleet: Fleet, measuredMs: number): Speed {
  let [spent, starts, placed] = [0, 0, 0];
  while (spent < measuredMs) {
    for (let n = 0; n < PIECE; n++) fleet.endOne();
    const commands = Array.from({ length: PIECE }, () => fleet.recorded(fleet.start()));
    const begin = performance.now();
    for (const command of commands) placed += decide(fleet.cluster, command).events.length - 1;
    spent += performance.now() - begin;
    starts += PIECE;
  }
  return { perSecond: (starts * 1000) / spent, placed: placed / starts };
}

/** µs that it takes to accept a VM for which there is no node, behind many that wait already. */
function arrivals(fleet: Fleet): { median: number; p99: number } {
  const large = (vmIds: string[], n: number): Command => ({
    type: 'StartVM',
    vmIds,
    request: { templateId: `t${n % TEMPLATES}`, priority: 1 + (n % 10_000), groupId: `g${n % GROUPS}` },
  });
  for (const nodeId of [...fleet.cluster.nodes.keys()])
    fleet.tell({ type: 'ConfigNode', nodeId, config: { drain: true } });
  for (let n = 0; fleet.cluster.pending.size < WAITING; n++) {
    fleet.tell(
      large(
        Array.from({ length: 100 }, (_, each) => `wait-${n}-${each}`),
        n,
      ),
    );
  }
  const times: number[] = [];
  for (let n = 0; n < 20_000; n++) {
    const command = fleet.recorded(large([`late-${n}`], n * 7));
    const begin = performance.now();
    decide(fleet.cluster, command);
    times.push((performance.now() - begin) * 1000);
  }
  return { median: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

const speeds = new Map<number, Speed>();
for (const nodes of SIZES) {
  const fleet = new Fleet(emptyCluster(), nodes);
  churn(fleet, MEASURED_MS / 3);
  speeds.set(nodes, churn(fleet, MEASURED_MS));
}
const of = (nodes: number): number => speeds.get(nodes)?.perSecond ?? Number.NaN;
const scan = churn(new Fleet(emptyCluster(new FirstFit()), 5_000), MEASURED_MS);
const waiting = arrivals(new Fleet(emptyCluster(), 5_000));

printFigures([
  ...SIZES.map((nodes) => ({
    what: `starts decided and placed, ${nodes} nodes`,
    value: of(nodes),
    unit: '/s',
    ...(nodes === 5_000 && {
      target: { atLeast: TARGET_PER_SECOND },
      reference: { what: 'first fit by a scan', value: scan.perSecond },
    }),
  })),
  {
    what: 'cost of a decision, 10,000 nodes',
    value: 1e6 / of(10_000),
    unit: 'µs',
    reference: { what: '100 nodes', value: 1e6 / of(100) },
    target: { atMost: (2 * 1e6) / of(100) },
  },
  { what: `arrival behind ${WAITING} that wait, median`, value: waiting.median, unit: 'µs', target: { atMost: 50 } },
  { what: `arrival behind ${WAITING} that wait, p99`, value: waiting.p99, unit: 'µs' },
]);
console.log(
  [...speeds].map(([nodes, { placed }]) => `${nodes} nodes: ${(placed * 100).toFixed(1)} % placed at once`).join(', '),
);
