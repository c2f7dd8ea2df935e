import type { ArchivedEvent } from '../../archive/archived-event.js';
import type { ArchiveReader, EventQuery } from '../../archive/archive-reader.js';
import { subjectOf } from '../query.dto.js';
import { auditItem, contentOf, IN_VAIN, recordedAs, vainWords, wasAskedFor } from './asked-command.js';
import { type AuditItemDto, type AuditOutcome, MAX_NAMED_EVENTS } from './audit.dto.js';
import { NewestFirst } from './newest-first.js';

/** Events looked at for one page: a question for something rare is answered in several. */
export const MAX_LOOKED_AT = 5_000;

/** Which commands are meant; what is absent does not restrict. */
export interface AuditFilter {
  readonly actor?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly outcome?: AuditOutcome;
  /** Unix ms, included and excluded. */
  readonly since?: number;
  readonly until?: number;
}

export interface AuditPage {
  readonly items: readonly AuditItemDto[];
  /** Everything from this sequence on was looked at; undefined: everything there is. */
  readonly from: number | undefined;
}

/** What was asked for, by whom, and what came of it: one item for each command that left an event, newest first. */
export async function auditPage(
  archive: Pick<ArchiveReader, 'find'>,
  filter: AuditFilter,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<AuditPage> {
  const reading = new NewestFirst(archive, questionsOf(filter, before));
  const items: AuditItemDto[] = [];
  let from = before ?? Infinity;
  for (let looked = 0; looked < MAX_LOOKED_AT; looked++) {
    const event = await reading.next();
    if (event === undefined) return { items, from: undefined };
    // A command's other events stand beside this one, and are in its item.
    if (event.sequence >= from) continue;
    from = event.sequence;
    if (!wasAskedFor(event) || !isMeant(event, filter)) continue;
    const events = await eventsOf(archive, event);
    items.push(auditItem(events));
    from = Math.min(from, events[0]?.sequence ?? from);
    if (items.length === limit) break;
  }
  return { items, from };
}

function questionsOf(filter: AuditFilter, before: number | undefined): Omit<EventQuery, 'order' | 'limit'>[] {
  const { actor, since, until, outcome, type, subject } = filter;
  const all = {
    ...(actor !== undefined && { actor }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(before !== undefined && { before }),
  };
  const recorded = type === undefined ? undefined : recordedAs(type);
  const accepted = {
    ...all,
    ...(type !== undefined && { types: recorded === undefined ? [] : [recorded] }),
    ...(subject !== undefined && subjectOf(subject)),
  };
  const inVain = { ...all, types: Object.keys(IN_VAIN).filter((name) => [undefined, IN_VAIN[name]].includes(outcome)) };
  if (outcome === 'accepted') return [accepted];
  if (outcome !== undefined) return [inVain];
  // Those in vain are events about the cluster, which tell only in their data what they were about.
  return type === undefined && subject === undefined ? [all] : [accepted, inVain];
}

/** What the archive could not be asked. */
function isMeant(event: ArchivedEvent, { outcome, type, subject }: AuditFilter): boolean {
  const vain = vainWords(event);
  if (vain === undefined) return (outcome === undefined || outcome === 'accepted') && mayBe(type, event);
  if (outcome !== undefined && vain.outcome !== outcome) return false;
  if (type !== undefined && vain.commandType !== type) return false;
  return subject === undefined || vain.subject === subjectOf(subject).subjectId;
}

/** Several commands are recorded under one name, and an event may come of another command, too. Releases before 0.4 do not say. */
function mayBe(type: string | undefined, event: ArchivedEvent): boolean {
  if (type === undefined) return true;
  const { commandtype = type } = contentOf(event);
  return commandtype === type;
}

/** All events of the command that led to this one, or the first ones. */
function eventsOf(archive: Pick<ArchiveReader, 'find'>, event: ArchivedEvent): Promise<readonly ArchivedEvent[]> {
  const { commandSequence, correlationId } = event;
  return archive.find({ commandSequence, correlationId, order: 'oldest', limit: MAX_NAMED_EVENTS });
}
