import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AgentFigures } from '../agent/agent.js';
import type { AgentObserver } from '../agent/observer.js';

/** From a simulated boot to a slow pull, seconds. */
const STEP_SECONDS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 600, 3600];

/** Counts what the agents do, and passes it on. */
export function measured(registry: Registry, next: AgentObserver): AgentObserver {
  const registers = [registry];
  const steps = new Histogram({
    name: 'muster_agent_step_seconds',
    help: 'How long steps on VMs took, by step and end',
    labelNames: ['step', 'end'],
    buckets: STEP_SECONDS,
    registers,
  });
  const reports = new Counter({
    name: 'muster_agent_reports_total',
    help: 'Reports to the control plane, by type',
    labelNames: ['type'],
    registers,
  });
  const faults = new Counter({
    name: 'muster_agent_faults_total',
    help: 'Things that failed and are tried again',
    registers,
  });
  return {
    ...next,
    ended: (step, vm, end, tookMs, cause) => {
      steps.observe({ step, end }, tookMs / 1000);
      next.ended(step, vm, end, tookMs, cause);
    },
    told: (report) => {
      reports.inc({ type: report.type });
      next.told(report);
    },
    fault: (doing, nodeId, cause) => {
      faults.inc();
      next.fault(doing, nodeId, cause);
    },
  };
}

/** Shows the sums over all agents of the process, read when somebody asks. */
export function gauged(registry: Registry, figures: () => readonly AgentFigures[]): void {
  const show = (name: string, help: string, of: (one: AgentFigures) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(figures().reduce((sum, one) => sum + of(one), 0));
      },
    });
  };
  show('muster_agent_nodes', 'Nodes that this process plays', () => 1);
  show('muster_agent_nodes_ready', 'Of these, nodes that follow their desired state', (one) => (one.isReady ? 1 : 0));
  show('muster_agent_vms', 'VMs wished or on the host', (one) => one.vms);
  show('muster_agent_vms_running', 'VMs that run', (one) => one.running);
  show('muster_agent_boots_waiting', 'VMs that wait for their turn to boot', (one) => one.bootsWaiting);
  show('muster_agent_reports_waiting', 'Reports not yet acknowledged', (one) => one.reportsWaiting);
}
