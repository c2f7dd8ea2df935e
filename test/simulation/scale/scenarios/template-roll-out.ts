import { HOUR_MS, MINUTE_MS, type Scenario } from '../plan.js';
import { nextVersion } from '../templates.js';
import { steady } from './steady.js';

const LENGTH_MS = 8 * HOUR_MS;
const PUSH_MS = 2 * HOUR_MS;
/** When the fleet begins to pull it, whoever asks. */
const DISTRIBUTE_MS = PUSH_MS + 5 * MINUTE_MS;
const NOON_MS = 4 * HOUR_MS;
/** From noon on so many of a hundred jobs are for the new tag. */
const SHARE_OF_NEW = 0.8;
const NEW_TAG = 'v2';

/** The new release is out, and everybody builds with it. */
export const templateRollOut: Scenario = {
  name: 'template-roll-out',
  about:
    'A new tag of the most popular template is pushed in the morning and distributed to all nodes, and from noon on nearly everyone asks for it.',
  usual: { nodes: 200, vms: 16_000 },
  script: (plan) =>
    steady(plan, LENGTH_MS, 0.6, (fleet) => {
      const [template] = fleet.templates.amd64;
      if (template === undefined) return {};
      const [random, whim] = [fleet.chance('new version'), fleet.chance('early adopters')];
      const isAmd64 = new Set(fleet.templates.amd64.map(({ templateId }) => templateId));
      const background = steady(plan, LENGTH_MS, 0.6, () => ({}));
      return {
        jobs: background.jobs.map((job) => {
          if (job.atMs < NOON_MS) return { ...job, tag: 'v1' };
          if (!isAmd64.has(job.templateId) || !whim.chance(SHARE_OF_NEW)) return { ...job, tag: 'v1' };
          return { ...job, templateId: template.templateId, tag: NEW_TAG };
        }),
        incidents: [
          { atMs: PUSH_MS, kind: 'asked', command: nextVersion(template, NEW_TAG, random) },
          {
            atMs: DISTRIBUTE_MS,
            kind: 'asked',
            command: {
              type: 'DistributeTemplateToNodes',
              distributionId: 'roll-out',
              templateId: template.templateId,
              tag: NEW_TAG,
            },
          },
        ],
      };
    }),
};
