import type { Command, Outcome } from '#domain';

export interface Request {
  readonly id: string;
  readonly command: Command;
  /** Absent: nobody ever told the client how it went. */
  outcome?: Outcome;
  /** Times it was sent. */
  sends: number;
}

/** What the log says became true, by id. */
export interface Happened {
  readonly accepted: ReadonlySet<string>;
  readonly terminated: ReadonlySet<string>;
  readonly distributions: ReadonlySet<string>;
}

/** What the clients and the operator asked and were told: the other half of the books. */
export class Ledger {
  readonly requests: Request[] = [];

  open(id: string, command: Command): Request {
    const request: Request = { id, command, sends: 0 };
    this.requests.push(request);
    return request;
  }

  /** Every promise that was made at the door, held against what the log says became true. */
  breaches(happened: Happened): string[] {
    return this.requests.flatMap((request) => this.judge(request, happened));
  }

  private judge({ id, command, outcome }: Request, { accepted, terminated, distributions }: Happened): string[] {
    if (outcome === undefined) return [`${command.type} ${id} was never answered, though the calm was long enough`];
    if (command.type === 'StartVM') {
      const found = command.vmIds.filter((vmId) => accepted.has(vmId)).length;
      const due = outcome.kind === 'accepted' ? command.vmIds.length : 0;
      if (found !== due)
        return [`StartVM ${id} was ${outcome.kind}, and ${found} of ${command.vmIds.length} VMs are in the log`];
    }
    if (command.type === 'TerminateVM' && outcome.kind === 'accepted' && !terminated.has(command.vmId)) {
      return [`TerminateVM ${id} of ${command.vmId} was accepted and is not in the log`];
    }
    if (command.type === 'DistributeTemplateToNodes') {
      const isThere = distributions.has(command.distributionId);
      if (isThere !== (outcome.kind === 'accepted'))
        return [`${command.distributionId} was ${outcome.kind}, and is ${isThere ? '' : 'not '}in the log`];
    }
    return [];
  }
}
