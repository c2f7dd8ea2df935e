import { type DomainEvent, isId } from '#domain';
import { type CloudEvent, decodeEvent } from '#events';
import type { ArchivedEvent } from '../archive/archived-event.js';
import type { EventQuery } from '../archive/archive-reader.js';
import type { Reach } from '../auth/reach.js';
import type { ArchiveInStep } from '../events/archive-in-step.js';
import { wrongQuery } from '../events/query.dto.js';
import { Problem } from '../shell/problem.js';
import type { VmRow, VmView } from '../views/index.js';
import { unknownVm } from './unknown-vm.js';
import { vmThen } from './vm-then.js';

/** A place in the log, or unix ms; both included. */
export type Moment = { readonly sequence: number } | { readonly time: number };

/** What the archive knows of single VMs, for callers who may see them: those whose templates are in reach. */
export class VmPast {
  constructor(
    private readonly archive: ArchiveInStep,
    /** All VMs, whoever asks. */
    private readonly vms: Pick<VmView, 'get'>,
    private readonly reach: () => Reach | undefined,
    private readonly onUnreadable: (events: number) => void = () => undefined,
  ) {}

  /** The VM as of that moment. Throws a 404, a 410, or, for a place that the log has not come to, a 400. */
  async rowAt(vmId: string, moment: Moment): Promise<VmRow> {
    if (!isId(vmId) || !(await this.sees(vmId))) throw unknownVm(vmId);
    await this.checkMoment(moment);
    const then = vmThen(await this.archive.history('vm', vmId, moment), this.onUnreadable);
    if (then.kind === 'there') return then.row;
    if (then.kind === 'beyond' || (then.kind === 'unknown' && (await this.isOlderThanArchive(vmId))))
      throw forgotten(`The beginning of VM ${vmId}`);
    throw unknownVm(vmId, { at: moment });
  }

  /** Those of its events that answer the question. Throws a 404 when there is none of it at all. */
  async events(vmId: string, question: EventQuery): Promise<readonly ArchivedEvent[]> {
    if (!isId(vmId) || !(await this.sees(vmId))) throw unknownVm(vmId);
    const found = await this.archive.find({ ...question, noun: 'vm', subjectId: vmId });
    if (found.length === 0 && (await this.oldest(vmId)) === undefined && (await this.vms.get(vmId)) === undefined)
      throw unknownVm(vmId);
    return found;
  }

  private async checkMoment(moment: Moment): Promise<void> {
    if ('sequence' in moment && !(await this.archive.has(moment.sequence)))
      throw wrongQuery([`at must be a place that the log has come to, which ${moment.sequence} is not`]);
    const { first } = await this.archive.extent();
    if (first === 1) return;
    const [oldest] = await this.archive.find({ order: 'oldest', limit: 1 });
    const isKept = 'sequence' in moment ? moment.sequence >= first : moment.time >= (oldest?.time ?? Infinity);
    if (!isKept) throw forgotten('That moment', first);
  }

  /** Whether the VM was there before the first event that is kept, so that nobody can tell how it was. */
  private async isOlderThanArchive(vmId: string): Promise<boolean> {
    const oldest = await this.oldest(vmId);
    if (oldest !== undefined) return oldest.type !== 'StartVM';
    return (await this.vms.get(vmId)) !== undefined;
  }

  private async oldest(vmId: string): Promise<ArchivedEvent | undefined> {
    return (await this.archive.find({ noun: 'vm', subjectId: vmId, order: 'oldest', limit: 1 }))[0];
  }

  /** Whether the caller may hear of the VM: of one that is gone, too. */
  private async sees(vmId: string): Promise<boolean> {
    const reach = this.reach();
    if (reach === undefined) return true;
    const templateId = (await this.vms.get(vmId))?.image.templateId ?? (await this.templateOf(vmId));
    return templateId !== undefined && reach.sees('template', templateId);
  }

  private async templateOf(vmId: string): Promise<string | undefined> {
    const question = { types: ['StartVM'], noun: 'vm', subjectId: vmId, order: 'newest', limit: 1 } as const;
    const [accepted] = await this.archive.find(question);
    const event = accepted && decodeEvent(JSON.parse(accepted.body) as CloudEvent, accepted.sequence)?.event;
    return (event as Extract<DomainEvent, { type: 'StartVM' }> | undefined)?.image.templateId;
  }
}

function forgotten(what: string, first?: number): Problem {
  return new Problem(410, 'That is kept no longer', `${what} is before the first event that is kept`, {
    code: 'BEFORE_ARCHIVE',
    ...(first !== undefined && { first }),
  });
}
