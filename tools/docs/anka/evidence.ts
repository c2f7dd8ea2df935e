import type { Endpoint } from './endpoints.js';

/** A text file of the repository. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

type Place = Pick<Endpoint, 'door' | 'method' | 'path'>;

const DIALECT = 'apps/api/src/dialects/anka/';
const CONTROLLERS = /^apps\/api\/src\/(dialects\/anka|shell)\/.*\.controller\.ts$/;
const GOLDENS = /dialects\/anka\/(.*\/)?goldens\/.*\.json$/;
const SPECS = /^apps\/api\/src\/.*spec\.ts$/;
const CLIENTS = /^test\/clients\/([\w-]+)\.ts$/;

const isRegistry = (path: string): boolean => path.startsWith(`${DIALECT}registry/`);

/** Routes that the code declares, as far as they are of this dialect. */
export function routesOf(tree: readonly Text[]): readonly Place[] {
  return tree
    .filter(({ path }) => CONTROLLERS.test(path))
    .flatMap(({ path, text }) => {
      const door = isRegistry(path) ? 'registry' : 'controller';
      const named = /@Controller\(([^)]*)\)/.exec(text)?.[1] ?? '';
      const prefixes = [...named.matchAll(/['"`]([^'"`]*)['"`]/g)].map(([, prefix = '']) => prefix);
      const routes = [
        ...text.matchAll(/@(?:\w*Route)\(\s*'(GET|POST|PUT|DELETE) ([^']*)'/g),
        ...[...text.matchAll(/@(Get|Post|Put|Delete)\(\s*'([^']*)'/g)].map(([all, verb = '', of = '']) => [
          all,
          verb.toUpperCase(),
          of,
        ]),
      ];
      return (prefixes.length > 0 ? prefixes : ['']).flatMap((prefix) =>
        routes.map(
          ([, method = '', route = '']) =>
            ({
              ...{ door, method: method as Place['method'] },
              path: `/${[prefix, route].filter((part) => part !== '').join('/')}`
                .replace(/^\/+/, '/')
                .replace(/:(\w+)/g, '{$1}'),
            }) as const,
        ),
      );
    });
}

/** The endpoints that something asks for, one entry for each place where it does. */
function asked(tree: readonly Text[]): readonly { readonly place: Place; readonly source: string }[] {
  return tree.flatMap(({ path, text }) => {
    if (GOLDENS.test(path)) return [{ place: ofGolden(path, text), source: path }];
    if (!SPECS.test(path) && !CLIENTS.test(path)) return [];
    return callsIn(text).map(([method, url]) => ({ place: placeOf(path, method, url), source: path }));
  });
}

function ofGolden(path: string, text: string): Place {
  const { request } = JSON.parse(text) as { request: { method: Place['method']; url: string } };
  return { door: isRegistry(path) ? 'registry' : 'controller', method: request.method, path: plain(request.url) };
}

const VERB = `['"\`]?(GET|POST|PUT|DELETE)['"\`]?`;
const URL_TEXT = `['"\`]((?:[^'"\`]|\\$\\{[^}]*\\})*)['"\`]`;
const FORMS = [
  // call('GET', 'vm'), ['GET', 'vm'], this.ask<T>('GET', '/api/v1/vm')
  new RegExp(`${VERB},\\s*${URL_TEXT}`, 'g'),
  // { method: 'GET', path: '/api/v1/vm' }, { method: 'POST', url: '/tap/v1/hand' }
  new RegExp(`method: ${VERB},\\s*(?:path|url): ${URL_TEXT}`, 'g'),
  // this.get('/api/v1/vm'), fetch and the like with a default of GET
  new RegExp(`\\b(get|post|put|delete|fetch)\\(\\s*${URL_TEXT}`, 'g'),
];

function callsIn(text: string): readonly (readonly [Place['method'], string])[] {
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].map(([, verb = '', url = '']) => {
      const method = verb === 'fetch' ? 'GET' : verb.toUpperCase();
      return [method as Place['method'], url] as const;
    }),
  );
}

/** Tests of one listener may leave out what all its paths begin with. */
function placeOf(file: string, method: Place['method'], url: string): Place {
  const path = plain(url.replace(/^\$\{[^}]*(url|Url)\}/, ''));
  const isRooted = /^\/(api|admin|tap|config|livez|readyz)\b/.test(path);
  if (isRegistry(file)) return { door: 'registry', method, path };
  return { door: 'controller', method, path: isRooted ? path : `/api/v1${path}` };
}

/** The path alone, with one slash before it; what is filled in is some part. */
function plain(url: string): string {
  const path = url.replaceAll(/\$\{[^}]*\}/g, '{x}').split('?', 1)[0] ?? '';
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}

const isSame = (wanted: Place, found: Place): boolean =>
  wanted.door === found.door &&
  wanted.method === found.method &&
  new RegExp(`^${wanted.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(found.path);

/** What shows that an endpoint is there and does what it must. */
export interface Evidence {
  readonly isRouted: boolean;
  /** Pairs of request and answer. */
  readonly goldens: number;
  /** Requests in other tests. */
  readonly requests: number;
  /** Existing clients that are played against it. */
  readonly clients: readonly string[];
}

/** Looks up evidence in the texts of the repository. */
export function evidenceIn(tree: readonly Text[]): (endpoint: Place) => Evidence {
  const [routes, requests] = [routesOf(tree), asked(tree)];
  return (endpoint) => {
    const sources = requests.filter(({ place }) => isSame(endpoint, place)).map(({ source }) => source);
    const clients = sources.map((source) => CLIENTS.exec(source)?.[1]).filter((name) => name !== undefined);
    const goldens = sources.filter((source) => GOLDENS.test(source)).length;
    return {
      ...{ isRouted: routes.some((route) => isSame(endpoint, route)), goldens },
      requests: sources.length - goldens - clients.length,
      clients: [...new Set(clients)].sort(),
    };
  };
}

/** Routes of the dialect that no endpoint of the list stands for. */
export function unlisted(tree: readonly Text[], endpoints: readonly Place[]): readonly string[] {
  return routesOf(tree.filter(({ path }) => path.startsWith(DIALECT)))
    .filter((route) => !endpoints.some((endpoint) => isSame(endpoint, route)))
    .map(({ door, method, path }) => `${method} ${path} (${door})`);
}
