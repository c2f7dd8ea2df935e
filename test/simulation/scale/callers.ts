import type { Command, Outcome, RecordedEvent } from '#domain';
import type { Agenda } from './agenda.js';
import type { Job } from './plan.js';

/** How long somebody takes to see that a VM failed, and to clean up. */
const TIDY_MS = 2000;

interface Use {
  readonly useMs: number;
  readonly job: number;
  isAskedToEnd: boolean;
}

/** The people and CI systems: ask for VMs, use each for its time, and end it; lose interest, or tidy up what failed. */
export class Callers {
  private readonly uses = new Map<string, Use>();
  private vms = 0;

  constructor(
    private readonly agenda: Agenda,
    private readonly jobs: readonly Job[],
    private readonly start: number,
    private readonly say: (command: Command, actor: string, correlationId?: string) => Outcome,
  ) {}

  begin(): void {
    this.planNext(0);
  }

  /** What happened is heard by whoever asked. */
  heard({ event }: RecordedEvent): void {
    if (!('vmId' in event)) return;
    const use = this.uses.get(event.vmId);
    if (use === undefined) return;
    if (event.type === 'VMStarted') this.endIn(use.useMs, event.vmId, use);
    if (event.type === 'VMFailedToStart' || event.type === 'VMLost') this.endIn(TIDY_MS, event.vmId, use);
    if (event.type === 'VMTerminated') this.uses.delete(event.vmId);
  }

  /** One job is planned at a time, so that the agenda stays short. */
  private planNext(index: number): void {
    const job = this.jobs[index];
    if (job === undefined) return;
    this.agenda.at(this.start + job.atMs, () => {
      this.ask(job, index);
      this.planNext(index + 1);
    });
  }

  private ask({ templateId, tag, priority, usesMs, cancelMs }: Job, job: number): void {
    const vmIds = usesMs.map(() => `vm-${String(++this.vms).padStart(7, '0')}`);
    const request = { templateId, priority, ...(tag !== undefined && { tag }) };
    for (const [index, vmId] of vmIds.entries()) {
      this.uses.set(vmId, { useMs: usesMs[index] ?? 0, job, isAskedToEnd: false });
    }
    const outcome = this.say({ type: 'StartVM', vmIds, request }, 'ci', `job-${job}`);
    if (outcome.kind === 'refused') for (const vmId of vmIds) this.uses.delete(vmId);
    if (cancelMs === undefined) return;
    for (const vmId of vmIds) {
      const use = this.uses.get(vmId);
      if (use !== undefined) this.endIn(cancelMs, vmId, use);
    }
  }

  private endIn(delayMs: number, vmId: string, use: Use): void {
    this.agenda.in(delayMs, () => {
      if (use.isAskedToEnd || !this.uses.has(vmId)) return;
      use.isAskedToEnd = true;
      this.say({ type: 'TerminateVM', vmId }, 'ci', `job-${use.job}`);
    });
  }
}
