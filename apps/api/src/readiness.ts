import type { LateBus } from './bus/bus.js';
import type { ProjectionGate } from './projections/projection-gate.js';
import type { ProjectionLoop } from './projections/projection-loop.js';
import type { ProjectionStore } from './projections/projection-store.js';
import type { Part, Probe } from './shell/health-watch.js';

/** A projection that is further behind answers with what was true too long ago. */
export const READY_WHEN_BEHIND_BY = 5_000;

export interface LookedAt {
  readonly bus: LateBus;
  readonly loop: ProjectionLoop;
  readonly gate: ProjectionGate;
  readonly store: ProjectionStore;
}

/** What was seen last, for the metrics. */
export interface Seen {
  lastSequence: number;
}

/** How each part is looked at. Looking at Postgres also tells the gate how far another replica's projector is. */
export function probesOf({ bus, loop, gate, store }: LookedAt, seen: Seen): Readonly<Record<Part, Probe>> {
  return {
    nats: async () => {
      seen.lastSequence = await bus.log.lastSequence();
      return undefined;
    },
    postgres: async () => {
      gate.advance((await store.position()).sequence);
      return undefined;
    },
    'control-plane': async () => ((await bus.now().hasControlPlane()) ? undefined : 'no control plane holds the lease'),
    projection: async () => {
      const { name, message } = loop.state;
      if (name === 'stopped' || name === 'retrying') return message;
      if (name === 'starting') return 'has not started yet';
      const behind = seen.lastSequence - gate.reachedSequence;
      return behind > READY_WHEN_BEHIND_BY ? `is ${behind} events behind the log` : undefined;
    },
  };
}
