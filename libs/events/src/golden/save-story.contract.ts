import { type Said, samples } from '../../../domain/src/testing/index.js';

const { blob, joins, report, revertTo, save, saved, saveFailed, scriptResult, start, started } = samples;

const TERMS = { target: { templateId: 'linux' }, tag: 'cache' };
const LAYER = {
  type: 'ReportImageSaved',
  requestId: 's1',
  disk: blob('first layer'),
  scriptResult: scriptResult(),
} as const;

/** VMs are saved, or not, and versions taken back. */
export const SAVE_STORY: readonly (readonly [minute: number, said: Said])[] = [
  [60, saved('patient', 'never asked')],
  [60, saveFailed('patient', 'never asked')],
  [60, joins('rack-8', { cached: [{ templateId: 'linux', tag: 'v1' }], config: { capacity: 4 } })],
  [60, start(['saved', 'lost', 'late', 'ends'], 'linux', { tag: 'v1', nodeId: 'rack-8' })],
  [60, started('saved')],
  [60, started('lost')],
  [60, started('late')],
  [60, started('ends')],
  [60, { type: 'SetPolicy', policy: { saveLimitMs: 600_000, saveVisibleMs: 60_000 } }],
  [60, save('s1', 'saved', { ...TERMS, script: blob('sync'), description: 'with a cache' })],
  [60, save('s2', 'lost', { ...TERMS, tag: 'also', revertBeforePush: true, revertTag: 'cache' })],
  [60, save('s3', 'late', { target: { newTemplateId: 'linux-2', newTemplateName: 'next linux' } })],
  [60, save('s4', 'ends', { ...TERMS, tag: 'v3', revertBeforePush: true, revertTag: 'v3' })],
  [60, report('saved', LAYER)],
  [60, saveFailed('lost', 's2')],
  [60, report('ends', { ...LAYER, requestId: 's4' })],
  [60, revertTo('linux', { version: 2 })],
  [60, { type: 'SetTemplateArch', templateId: 'sonoma', arch: 'amd64' }],
];
