import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ControlPlane } from './control-plane/control-plane.js';
import type { Observer } from './control-plane/observer.js';

const EVENTS_PER_COMMAND = [0, 1, 2, 4, 16, 64, 256, 1024];

/** Counts what the control plane does and passes it on. */
export function measured(registry: Registry, controlPlane: () => ControlPlane, next: Observer): Observer {
  showState(registry, controlPlane);
  const count = counters(registry);
  return {
    ...next,
    decided(command, decision) {
      count.decided.inc({ outcome: decision.outcome.kind });
      count.eventsPerCommand.observe(decision.events.length);
      next.decided(command, decision);
    },
    struck(sequence, strike, cause) {
      count.struck.inc();
      next.struck(sequence, strike, cause);
    },
    logKept(done) {
      count.firstEvent.set(done.firstEvent);
      count.remnantEvents.set(done.remnantEvents);
      if (done.cutAt > 0) count.lastCut.set(done.cutAt / 1000);
      next.logKept(done);
    },
    termEnded(cause) {
      count.termsFailed.inc();
      next.termEnded(cause);
    },
  };
}

function counters(registry: Registry) {
  const registers = [registry];
  return {
    decided: new Counter({
      name: 'muster_commands_decided_total',
      help: 'Commands decided, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    struck: new Counter({
      name: 'muster_commands_struck_total',
      help: 'Times a command broke the decider',
      registers,
    }),
    termsFailed: new Counter({
      name: 'muster_terms_failed_total',
      help: 'Terms that ended by a failure',
      registers,
    }),
    firstEvent: new Gauge({ name: 'muster_log_first_sequence', help: 'First event that is not cut off', registers }),
    remnantEvents: new Gauge({ name: 'muster_log_remnant_events', help: 'Events kept of what was cut off', registers }),
    lastCut: new Gauge({ name: 'muster_log_last_cut_timestamp_seconds', help: 'When events were cut off', registers }),
    eventsPerCommand: new Histogram({
      name: 'muster_events_per_command',
      help: 'Events that one command caused',
      buckets: EVENTS_PER_COMMAND,
      registers,
    }),
  };
}

/** Gauges are read when somebody asks. */
function showState(registry: Registry, controlPlane: () => ControlPlane): void {
  const gauge = (name: string, help: string, read: (plane: ControlPlane) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(controlPlane()));
      },
    });
  new Counter({
    name: 'muster_events_unreadable_total',
    help: 'Events that were passed over because this build cannot read them: their type or version is of a newer one.',
    labelNames: ['follower'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ follower: 'control-plane' }, controlPlane().unreadable);
    },
  });
  gauge('muster_leader', 'Whether this process writes the log', (plane) => (plane.isLeader ? 1 : 0));
  gauge('muster_log_sequence', 'Last event in memory', ({ cluster }) => cluster.sequence);
  gauge('muster_vms', 'VMs in memory', ({ cluster }) => cluster.vms.size);
  gauge('muster_vms_pending', 'VMs that wait for a node', ({ cluster }) => cluster.pending.size);
  gauge('muster_nodes', 'Nodes in memory', ({ cluster }) => cluster.nodes.size);
}
