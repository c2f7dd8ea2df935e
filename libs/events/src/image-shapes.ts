import type { BlobRef, Command, ScriptResult } from '#domain';
import { either, type Fields, number, optional, record, text, truth } from './shape.js';

type Shape<Type extends Command['type']> = Fields<Omit<Extract<Command, { type: Type }>, 'type'>>;

export const BLOB = record<BlobRef>({ digest: text, sizeBytes: number });
export const RESULT = record<ScriptResult>({ returnCode: number, didTimeout: truth, stdout: text, stderr: text });
export const VM_REPORT = { nodeId: text, vmId: text, epoch: number };

const TARGET = either(
  record<{ templateId: string }>({ templateId: text }),
  record<{ newTemplateId: string; newTemplateName: string }>({ newTemplateId: text, newTemplateName: text }),
);
const SAVE_REPORT = { ...VM_REPORT, requestId: text, scriptResult: optional(RESULT) };

/** What the fields of the commands and reports about saves must be. */
export const IMAGE_SHAPES = {
  SaveImage: {
    requestId: text,
    vmId: text,
    target: TARGET,
    tag: text,
    description: text,
    suspend: truth,
    script: optional(BLOB),
    scriptTimeoutMs: number,
    cancelOnScriptFailure: truth,
    revertBeforePush: truth,
    revertTag: optional(text),
    suspendSanityTest: truth,
  } satisfies Shape<'SaveImage'>,
  ReportImageSaved: { ...SAVE_REPORT, disk: BLOB } satisfies Shape<'ReportImageSaved'>,
  ReportImageSaveFailed: { ...SAVE_REPORT, error: text } satisfies Shape<'ReportImageSaveFailed'>,
};
