import { type Said, samples } from '../../../domain/src/testing/index.js';

const { changeHook, deleteHook, disableHook, hook } = samples;

/** What the golden story tells of webhooks, at the end of it. */
export const WEBHOOK_STORY: readonly (readonly [minute: number, said: Said])[] = [
  [340, hook('ci-events', 'CI')],
  [340, hook('audit')],
  [340, { ...hook('later'), enabled: false }],
  [341, changeHook('ci-events', { name: 'CI runners', changed: ['name', 'url', 'secret'] })],
  [342, changeHook('audit', { changed: ['enabled'], enabled: false })],
  [343, disableHook('ci-events', 'answered 410')],
  [344, changeHook('ci-events', { changed: ['enabled'], enabled: true })],
  [345, deleteHook('audit')],
];
