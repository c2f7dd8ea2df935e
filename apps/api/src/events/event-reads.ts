import type { Clock, EventLog } from '#events';
import type { ArchiveReader } from '../archive/archive-reader.js';
import { currentReach } from '../auth/reach.system.js';
import type { VmView } from '../views/index.js';
import { VmPast } from '../vms/vm-past.js';
import { ArchiveInStep, type Gates } from './archive-in-step.js';
import { Followers } from './stream/followers.js';

export interface EventReadsParts {
  readonly archive: ArchiveReader;
  readonly gates: Omit<Gates, 'told'>;
  readonly log: Pick<EventLog, 'follow' | 'lastSequence'>;
  readonly vms: VmView;
  readonly clock: Clock;
  readonly maxFollowers?: number;
  readonly onTrouble: (message: string) => void;
  /** So many events of a VM's history were passed over. */
  readonly onUnreadable?: (events: number) => void;
}

/** All through which doors read events, over the archive and the log. */
export function eventReadsOf({ archive, gates, log, vms, clock, maxFollowers, ...tell }: EventReadsParts) {
  const { onTrouble, onUnreadable } = tell;
  const followers = new Followers({
    ...{ log, archive, clock, onTrouble },
    ...(maxFollowers !== undefined && { maxFollowers }),
  });
  const inStep = new ArchiveInStep(archive, { ...gates, told: () => followers.toldUpTo }, log);
  return {
    archiveInStep: inStep,
    vmPast: new VmPast(inStep, vms, currentReach, onUnreadable),
    followers,
  };
}

export type EventReads = ReturnType<typeof eventReadsOf>;

/** The same under the names by which doors ask for it. */
export const eventPorts = ({ archiveInStep, vmPast, followers }: EventReads) => [
  { provide: ArchiveInStep, useValue: archiveInStep },
  { provide: VmPast, useValue: vmPast },
  { provide: Followers, useValue: followers },
];
