import type { ClusterCommand, Command, Report } from './commands.js';
import type { ClusterEvent } from './events.js';
import { MAX_REFUSAL_LENGTH, MAX_REFUSAL_SUBJECT_LENGTH } from './limits.js';
import type { NodeCommand } from './node/node-commands.js';
import type { Refusal } from './refusal.js';
import { refusalWords } from './refusal-words.js';
import { subjectOf } from './subject-of.js';

type OwnCommand = ClusterCommand | Extract<NodeCommand, { type: `MarkNode${string}` }>;

/** What nobody asked for: nodes report the same again until it fits, and the control plane tells itself the time. */
const UNASKED: { readonly [Type in (Report | OwnCommand)['type']]: true } = {
  RunTimers: true,
  SetPolicy: true,
  MarkNodeSilent: true,
  MarkNodeHeard: true,
  RegisterNode: true,
  UnregisterNode: true,
  ReportTemplatePulled: true,
  ReportUnknownVMs: true,
  ReportTemplateEvicted: true,
  ReportTemplatePullProgress: true,
  ReportTemplatePullFailed: true,
  ReportVMPulling: true,
  ReportVMPulled: true,
  ReportVMStarted: true,
  ReportVMStartFailed: true,
  ReportVMRestarted: true,
  ReportVMStopped: true,
  ReportVMLost: true,
  ReportVMTerminated: true,
  ReportImageSaved: true,
  ReportImageSaveFailed: true,
};

/** Whether somebody asked for it, through a door or over NATS. */
export const isAskedFor = ({ type }: Command): boolean => !Object.hasOwn(UNASKED, type);

/** What is recorded of a command that was asked for in vain (ADR 0027). */
export function commandRefused(command: Command, refusal: Refusal): ClusterEvent {
  return {
    type: 'CommandRefused',
    commandType: command.type,
    subject: bounded(subjectOf(command), MAX_REFUSAL_SUBJECT_LENGTH),
    code: refusal.code,
    message: bounded(refusalWords(refusal), MAX_REFUSAL_LENGTH),
  };
}

/** What is named in a refusal may be anything, of any length. */
const bounded = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
