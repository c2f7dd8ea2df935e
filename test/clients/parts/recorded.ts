import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/root.js';
import type { AnswerName } from './answers.js';
import type { RawAnswer } from './wire.js';

const FOLDER = join(ROOT, 'apps', 'api', 'src', 'dialects', 'anka', 'goldens');

interface Golden {
  readonly response: { readonly code: number; readonly body: unknown };
}

/** The golden files whose answers are these, without the number before their names. */
const FILES: Readonly<Partial<Record<AnswerName, string>>> = {
  status: 'status',
  nodes: 'nodes',
  'template names': 'templates-by-name',
  templates: 'templates',
  template: 'template-with-versions',
  'no instances': 'no-instances',
  'started ids': 'start-as-actions-do',
  'instance scheduling': 'instances-of-each-early-phase',
  'instance pulling': 'instance-pulling-half',
  'instance started': 'instance-started',
  'instance failed': 'instance-failed-by-its-script',
  instances: 'instances',
  'unknown instance': 'unknown-instance',
  'unknown template': 'start-unknown-template',
  'unknown tag': 'start-unknown-tag',
  mutation: 'update',
  groups: 'groups',
  'nodes in groups': 'node-in-groups',
  'distribution begun': 'distribute',
  distribution: 'distribution-under-way',
  disk: 'registry-disk',
  'image request': 'save-image',
  'image requests': 'image-done',
};

export const isRecorded = (name: AnswerName): boolean => FILES[name] !== undefined;

/** Stands in the golden files for the version of the build. */
const VERSION = '1.50.1-5e3c3f5b';

/** An answer as the product gives it today: the golden files are held to that by a test of their own. */
export function recorded(name: AnswerName): RawAnswer {
  const file = FILES[name];
  if (file === undefined) throw new Error(`No golden file is known for ${name}`);
  const path = readdirSync(FOLDER).find((one) => one.replace(/^\d+-|\.json$/g, '') === file);
  if (path === undefined) throw new Error(`There is no golden file ${file}`);
  const { code, body } = (JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as Golden).response;
  const shown = name === 'instance scheduling' ? schedulingOf(body as Listed) : body;
  return {
    code,
    headers: { 'content-type': 'application/json' },
    text: `${JSON.stringify(shown)}\n`.replaceAll('$VERSION', VERSION),
  };
}

interface Listed {
  readonly body: readonly { readonly vm: { readonly instance_state: string; readonly node_id?: string } }[];
}

/** The one that waits for a node, as it is shown by itself. */
function schedulingOf(listed: Listed): object {
  const waiting = listed.body.find(({ vm }) => vm.instance_state === 'Scheduling' && vm.node_id === undefined);
  return { ...listed, body: waiting?.vm };
}
