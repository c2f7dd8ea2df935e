import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ControlPlane } from './control-plane/control-plane.js';
import type { Observer } from './control-plane/observer.js';

/** Counts what the control plane does; gauges are read when somebody asks. */
export function measured(registry: Registry, controlPlane: () => ControlPlane, next: Observer): Observer {
  const registers = [registry];
  const decided = new Counter({
    name: 'muster_commands_decided_total',
    help: 'Commands decided, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const events = new Counter({ name: 'muster_events_decided_total', help: 'Events decided', registers });
  const struck = new Counter({
    name: 'muster_commands_struck_total',
    help: 'Times a command broke the decider',
    registers,
  });
  const terms = new Counter({ name: 'muster_terms_failed_total', help: 'Terms that ended by a failure', registers });
  const batch = new Histogram({
    name: 'muster_events_per_command',
    help: 'Events that one command caused',
    buckets: [0, 1, 2, 4, 16, 64, 256, 1024],
    registers,
  });
  gauge('muster_leader', 'Whether this process writes the log', () => (controlPlane().isLeader ? 1 : 0));
  gauge('muster_log_sequence', 'Last event in memory', () => controlPlane().cluster.sequence);
  gauge('muster_vms', 'VMs in memory', () => controlPlane().cluster.vms.size);
  gauge('muster_vms_pending', 'VMs that wait for a node', () => controlPlane().cluster.pending.size);
  gauge('muster_nodes', 'Nodes in memory', () => controlPlane().cluster.nodes.size);

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  return {
    ...next,
    decided(command, decision) {
      decided.inc({ outcome: decision.outcome.kind });
      events.inc(decision.events.length);
      batch.observe(decision.events.length);
      next.decided(command, decision);
    },
    struck(sequence, strike, cause) {
      struck.inc();
      next.struck(sequence, strike, cause);
    },
    termEnded(cause) {
      terms.inc();
      next.termEnded(cause);
    },
  };
}
