import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ROUTE_NEEDS } from '../auth/testing/route-needs.contract.js';

/** A build from nothing takes half a minute on two busy cores. */
const BUILD_LIMIT_MS = 180_000;
const NAMES = ['anka.json', 'anka-registry.json', 'muster.json'];

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { properties?: Record<string, { description?: string }> }>>;
  };
}

/** Routes on the controller's own port, in the words of the documents. */
const routesBelow = (paths: RegExp): string[] =>
  Object.keys(ROUTE_NEEDS)
    .filter((route) => paths.test(route) && !route.startsWith('registry '))
    .map((route) => route.replace(/^\w+/, (verb) => verb.toLowerCase()).replaceAll(/:(\w+)/g, '{$1}'))
    .sort();
const ANKA_ROUTES = routesBelow(/ \/(api\/v1|tap|config|admin)\//);
const OWN_ROUTES = routesBelow(/ \/api\/v2\//);

let folder: string;
let written: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-openapi-'));
  run('-e', "import('./tools/bootstrap.mjs').then(({ ensureBuild }) => ensureBuild())");
  run('dist/apps/api/src/openapi/write.main.js', folder);
  written = readFileSync(join(folder, 'anka.json'), 'utf8');
}, BUILD_LIMIT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without the settings of a running Muster: neither NATS nor Postgres is there to be reached. */
function run(...args: readonly string[]): void {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    env,
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
  });
  if (status !== 0) throw new Error(`node ${args[0]} ended with ${status}:\n${stdout}${stderr}`);
}

describe('the OpenAPI document', () => {
  it.each(NAMES)('%s is the one that is stored; if not, run `npm run build && npm run openapi`', (name) => {
    const stored = existsSync(join('docs/openapi', name)) ? readFileSync(join('docs/openapi', name), 'utf8') : '';
    const made = readFileSync(join(folder, name), 'utf8');
    expect(made === stored ? 'the same' : firstDifference(made, stored)).toBe('the same');
  });

  it('is OpenAPI 3.1 and has every route, each with a name of its own and only 200 for success', () => {
    const { openapi, paths } = JSON.parse(written) as Document;
    expect(openapi).toBe('3.1.0');
    const routes = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb} ${path}`),
    );
    expect(routes.sort()).toEqual(ANKA_ROUTES);
    const operations = Object.values(paths).flatMap((verbs) => Object.values(verbs));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
    for (const { responses } of operations)
      expect(Object.keys(responses).filter((code) => code < '300')).toEqual(['200']);
  });

  it.each(NAMES)('%s fits the schema of OpenAPI 3.1', async (name) => {
    const result = await new Validator().validate(readFileSync(join(folder, name), 'utf8'));
    expect(result).toEqual({ valid: true });
  });

  it('of our own API has every route below /api/v2, each with a name of its own', () => {
    const { paths } = JSON.parse(readFileSync(join(folder, 'muster.json'), 'utf8')) as Document;
    const operations = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => ({ route: `${verb} ${path}`, ...operation })),
    );
    expect(operations.map(({ route }) => route).sort()).toEqual(OWN_ROUTES);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const stream = operations.find(({ route }) => route === 'get /api/v2/stream');
    expect(Object.keys(stream?.responses ?? {})).toEqual(['200', '400', '401', '403', '410', '503']);
  });

  it('describes fields with the comments of the code', () => {
    const { components } = JSON.parse(written) as Document;
    expect(components.schemas.StartVmDto?.properties?.vram?.description).toMatch(/^Memory in MB/);
  });
});

function firstDifference(wanted: string, found: string): string {
  const [left, right] = [wanted.split('\n'), found.split('\n')];
  const longest = left.length > right.length ? left : right;
  const line = longest.findIndex((_, index) => left[index] !== right[index]);
  return `line ${line + 1} must be ${left[line] ?? '(absent)'}, is ${right[line] ?? '(absent)'}`;
}
