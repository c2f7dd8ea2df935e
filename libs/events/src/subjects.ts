import type { Command, DomainEvent } from '#domain';
import { nounOfCommand, nounOfEvent, reportingNode } from './catalogue.js';

/** Streams, buckets and subject roots (design.md, "Subjects and names"). */
export const COMMANDS_STREAM = 'COMMANDS';
export const EVENTS_STREAM = 'EVENTS';
export const COMMAND_SUBJECTS = ['muster.cmd.>', 'muster.rpt.>'];
export const EVENT_SUBJECTS = ['muster.evt.>'];
export const DESIRED_BUCKET = 'muster_desired';
export const LEASE_BUCKET = 'muster_lease';
/** How far followers of EVENTS that must tell each event once have come. */
export const BOOKMARK_BUCKET = 'muster_bookmarks';
/** What of the log is needed after its beginning was cut off, and the value that says which of it counts (ADR 0025). */
export const REMNANT_STREAM = 'EVENTS_REMNANT';
export const REMNANT_SUBJECTS = ['muster.remnant.>'];
export const REMNANT_SUBJECT = 'muster.remnant.current';
export const SINGLE_USE_BUCKET = 'muster_single_use';
export const HEARTBEAT_SUBJECTS = 'muster.hb.*';
/** Core NATS: a projection tells how far it is. */
export const PROJECTION_SUBJECT = 'muster.projection';
/** Core NATS: the archive tells how far it is. */
export const ARCHIVE_SUBJECT = 'muster.archive';
/** Core NATS, request and reply: the control plane explains a VM. */
export const EXPLAIN_SUBJECT = 'muster.qry.vm.Explain';

/** Characters that stand for themselves in a subject token and in a KV key. */
const PLAIN = /^[A-Za-z0-9_-]*$/;

/**
 * An id as one subject token or KV key. A dot would split it, so it is written as `=2E`; likewise every other character that is no
 * letter, digit, `_` or `-`, byte by byte of its UTF-8.
 */
export function token(id: string): string {
  if (PLAIN.test(id)) return id;
  const escaped = encodeURIComponent(id).replace(/[.!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return escaped.replace(/%../g, (byte) => `=${byte.slice(1).toUpperCase()}`);
}

export const untoken = (value: string): string => decodeURIComponent(value.replaceAll('=', '%'));

/** Reports go out under their node's own id, so that NATS permissions can hold each agent to it. */
export function commandSubject(command: Command): string {
  const node = reportingNode(command);
  if (node !== undefined) return `muster.rpt.${token(node)}.${command.type}`;
  return `muster.cmd.${nounOfCommand(command)}.${command.type}`;
}

export function eventSubject(event: DomainEvent): string {
  const { noun, id } = nounOfEvent(event);
  return `muster.evt.${noun}.${token(id)}.${event.type}`;
}

/** Where the events of a remnant or of a draft of one are stored. */
export const draftSubject = (name: string): string => `muster.remnant.draft.${token(name)}`;

export const heartbeatSubject = (nodeId: string): string => `muster.hb.${token(nodeId)}`;
