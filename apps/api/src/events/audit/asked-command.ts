import { COMMANDS, EVENTS, isCommandType, isEventType } from '#events';
import type { ArchivedEvent } from '../../archive/archived-event.js';
import { fullType } from '../stream/live-event.js';
import type { AuditItemDto, AuditOutcome } from './audit.dto.js';

/** Events by which commands end that change nothing. */
export const IN_VAIN: Readonly<Record<string, AuditOutcome>> = { CommandRefused: 'refused', CommandFailed: 'failed' };

/** The first event of a command that records it under another name. */
const RECORDED_AS: Readonly<Record<string, string>> = {
  AddNodesToGroups: 'NodeGroupsChanged',
  RemoveNodesFromGroups: 'NodeGroupsChanged',
  RevertTemplate: 'TemplateReverted',
  DisableWebhook: 'WebhookDisabled',
};

/** Not the name of somebody who asks: nodes report, and the parts of the product look after themselves. */
const PARTS = /^(control-plane|muster|node\/.*)$/;

/**
 * Whether the event came of something that a door or a NATS client asked for. What only follows from a wish shows that for itself,
 * whatever name its sender took.
 */
export function wasAskedFor(event: ArchivedEvent): boolean {
  const vain = vainWords(event);
  if (vain !== undefined) return isAsked(vain.commandType ?? '');
  return (isEventType(event.type) && EVENTS[event.type].kind === 'apiAction') || !PARTS.test(event.actor);
}

const isAsked = (commandType: string): boolean => isCommandType(commandType) && COMMANDS[commandType].origin === 'api';

/** The name under which the acceptance of a command is recorded; undefined: there is none of that name in this build. */
export function recordedAs(commandType: string): string | undefined {
  const name = RECORDED_AS[commandType] ?? commandType;
  return isEventType(name) ? name : undefined;
}

interface Content {
  readonly causationid?: string;
  readonly authmode?: string;
  readonly clientaddress?: string;
  readonly commandtype?: string;
  readonly data?: {
    readonly commandType?: string;
    readonly subject?: string;
    readonly code?: string;
    readonly message?: string;
  };
}

export const contentOf = ({ body }: ArchivedEvent): Content => JSON.parse(body) as Content;

/** What a command that ended in vain says of itself; undefined: it was accepted. */
export function vainWords(event: ArchivedEvent): (Content['data'] & { outcome: AuditOutcome }) | undefined {
  const outcome = IN_VAIN[event.type];
  return outcome && { ...contentOf(event).data, outcome };
}

/** The command as the audit shows it, from its events in the order of the log. */
export function auditItem(events: readonly ArchivedEvent[]): AuditItemDto {
  const [first] = events;
  if (first === undefined) throw new Error('A command that left no event cannot be shown');
  const content = contentOf(first);
  const { outcome, ...vain } = vainWords(first) ?? { outcome: 'accepted' as const };
  const { code, message } = vain as Content['data'] & object;
  return {
    commandId: content.causationid ?? '',
    commandSequence: first.commandSequence,
    ...about(first, content),
    actor: first.actor,
    ...(content.authmode !== undefined && { authMode: content.authmode }),
    ...(content.clientaddress !== undefined && { address: content.clientaddress }),
    correlationId: first.correlationId,
    time: new Date(first.time).toISOString(),
    outcome,
    events: events.map((event) => ({ sequence: event.sequence, id: event.id, type: fullType(event) })),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
  };
}

function about(first: ArchivedEvent, { data, commandtype }: Content): Pick<AuditItemDto, 'type' | 'subject'> {
  const accepted = { type: commandtype ?? commandOf(first.type), subject: `${first.noun}/${first.subjectId}` };
  if (!(first.type in IN_VAIN)) return accepted;
  const type = data?.commandType ?? first.type;
  const noun = isCommandType(type) ? COMMANDS[type].noun : 'cluster';
  return { type, subject: data?.subject === undefined ? accepted.subject : `${noun}/${data.subject}` };
}

/** The command that an event of a release before 0.4 records, where only one does. */
function commandOf(eventType: string): string {
  const [one, ...others] = Object.keys(RECORDED_AS).filter((command) => RECORDED_AS[command] === eventType);
  return one === undefined || others.length > 0 ? eventType : one;
}
