import type { ArchiveStore } from './archive/archive-store.js';
import type { LateBus } from './bus/bus.js';
import type { FollowerGate } from './projections/follower-gate.js';
import type { FollowerLoop } from './projections/follower-loop.js';
import type { ProjectionStore } from './projections/projection-store.js';
import type { Part, Probe } from './shell/health-watch.js';

/** A follower that is further behind answers with what was true too long ago. */
export const READY_WHEN_BEHIND_BY = 5_000;

export interface LookedAt {
  readonly bus: LateBus;
  readonly loop: FollowerLoop;
  readonly gate: FollowerGate;
  readonly store: ProjectionStore;
  readonly archive: { readonly loop: FollowerLoop; readonly gate: FollowerGate; readonly store: ArchiveStore };
}

/** What was seen last, for the metrics. */
export interface Seen {
  lastSequence: number;
}

/** How each part is looked at. That also tells the gates how far another replica's followers are. */
export function probesOf({ bus, loop, gate, store, archive }: LookedAt, seen: Seen): Readonly<Record<Part, Probe>> {
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
    projection: async () => wrongWith(loop, seen.lastSequence - gate.reachedSequence),
    archive: async () => {
      archive.gate.advance((await archive.store.head()).sequence);
      return wrongWith(archive.loop, seen.lastSequence - archive.gate.reachedSequence);
    },
  };
}

function wrongWith(loop: FollowerLoop, behind: number): string | undefined {
  const { name, message } = loop.state;
  if (name === 'stopped' || name === 'retrying') return message;
  if (name === 'starting') return 'has not started yet';
  return behind > READY_WHEN_BEHIND_BY ? `is ${behind} events behind the log` : undefined;
}
