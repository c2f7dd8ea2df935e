import type { ImageReport, VmReport } from '#domain';
import { hostInstance } from './host-instance.js';
import type { SaveNote } from '../notes/vm-notes.js';
import type { Step, VmView } from './next-step.js';

/** Steps that only tell something. */
export type TellingStep = Extract<Step, `report-${string}`>;

export const isTelling = (step: Step): step is TellingStep => step.startsWith('report-');

/** What the step tells, and a key that is the same as long as it would tell the same news. */
export interface News {
  readonly report: VmReport | ImageReport;
  readonly key: string;
}

/** The report of a step; undefined when what it would describe is not there. */
export function newsOf(step: TellingStep, view: VmView, nodeId: string, hostIp: string): News | undefined {
  const { wish, actual, note } = view;
  if (wish === undefined) return undefined;
  const of = { nodeId, vmId: wish.vmId, epoch: wish.epoch };
  const instance = actual && hostInstance(actual, hostIp);
  switch (step) {
    case 'report-terminated':
      return { key: `terminated:${wish.epoch}`, report: { type: 'ReportVMTerminated', ...of } };
    case 'report-lost':
      return {
        key: `lost:${wish.epoch}`,
        report: { type: 'ReportVMLost', ...of, message: 'the VM is not on its host any more' },
      };
    case 'report-stopped':
      if (actual === undefined || instance === undefined) return undefined;
      return {
        key: `stopped:${wish.epoch}:${actual.startedAt}`,
        report: { type: 'ReportVMStopped', ...of, instance },
      };
    case 'report-restarted':
      if (actual === undefined || instance === undefined) return undefined;
      return {
        key: `restarted:${wish.epoch}:${actual.restarts}:${actual.startedAt}`,
        report: { type: 'ReportVMRestarted', ...of, instance, restarts: actual.restarts },
      };
    case 'report-saved':
    case 'report-save-failed':
      return note?.save && saveNews(note.save, of);
    case 'report-failed': {
      if (note?.failure === undefined) return undefined;
      const { message, retryable, script } = note.failure;
      return {
        key: `failed:${wish.epoch}`,
        report: {
          type: 'ReportVMStartFailed',
          ...of,
          message,
          retryable,
          ...(script && { script }),
          ...(instance && { instance }),
        },
      };
    }
  }
}

function saveNews(save: SaveNote, of: Pick<VmReport, 'nodeId' | 'vmId' | 'epoch'>): News | undefined {
  const { requestId, stage, script } = save;
  const about = { ...of, requestId, ...(script && { scriptResult: script }) };
  const key = `${stage}:${requestId}`;
  if (stage === 'saved') return { key, report: { type: 'ReportImageSaved', ...about, disk: save.disk } };
  if (stage === 'failed') return { key, report: { type: 'ReportImageSaveFailed', ...about, error: save.message } };
  return undefined;
}
