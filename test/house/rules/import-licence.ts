import { basename } from 'node:path';
import ts from 'typescript';
import { isTest, type Rule, type Source } from './source.js';
import { importsOf, lineOfNode, nodesOf } from './syntax.js';

/** What lies outside the process's own plain code, by what one needs it for. */
type Room = 'nest' | 'validation' | 'database' | 'nats' | 'machine' | 'http' | 'system' | 'process';

/** The suffix of a file name and the rooms which it opens. */
const SUFFIXES: Readonly<Record<string, readonly Room[]>> = {
  main: ['nest', 'process', 'system'],
  module: ['nest'],
  controller: ['nest'],
  gateway: ['nest'],
  guard: ['nest'],
  filter: ['nest'],
  dto: ['validation'],
  config: ['validation', 'process'],
  entity: ['database'],
  postgres: ['database'],
  jetstream: ['nats'],
  driver: ['machine', 'process', 'system'],
  http: ['http'],
  system: ['system', 'process'],
};

/** A package and the rooms one of which is needed to import it; the first match counts. */
const PACKAGES: readonly (readonly [RegExp, readonly Room[]])[] = [
  [/^@nestjs\/swagger$/, ['nest', 'validation']],
  [/^(reflect-metadata|@peculiar\/x509|ipaddr\.js)$/, []],
  [/^jose$/, ['http']],
  [/^(@nestjs\/|fastify$|@fastify\/|rxjs)/, ['nest']],
  [/^class-(validator|transformer)$/, ['validation']],
  [/^(typeorm|pg)$/, ['database']],
  [/^@nats-io\//, ['nats']],
  [
    /^node:(fs|fs\/promises|child_process|net|dgram|dns|tls|tty|readline|worker_threads|stream\/promises)$/,
    ['machine'],
  ],
  [/^node:(http|https|http2)$/, ['http']],
  [/^ini$/, ['machine']],
  [/^node:(timers|timers\/promises|perf_hooks|async_hooks)$/, ['system']],
  [/^node:os$/, ['machine', 'system']],
  [/^node:process$/, ['process']],
];

/** Modules of Node that only compute. */
const PLAIN =
  /^node:(path|crypto|buffer|url|util|assert|assert\/strict|events|stream|string_decoder|querystring|zlib)$/;
/** Log lines and counters are written where something happens, but only by an app: libs/ stays silent. */
const TELLING = /^(pino|prom-client)$/;
/** The part of node:crypto that does not only compute. */
const RANDOM = new Set([
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'webcrypto',
  'default',
  '*',
]);
const GLOBALS: ReadonlyMap<string, Room> = new Map([
  ['fetch', 'http'],
  ['WebSocket', 'http'],
  ['EventSource', 'http'],
  ['process', 'process'],
]);

/** The suffix is the licence: a file of apps/ or libs/ imports only what its name announces. */
export const importLicence: Rule = (sources) =>
  sources
    .filter((source) => /^(apps|libs)\/.*\.ts$/.test(source.path) && !isTest(source))
    .flatMap((source) => [...unlicensedImports(source), ...unlicensedGlobals(source)]);

function unlicensedImports(source: Source): string[] {
  const open = roomsOf(source.path);
  return importsOf(source).flatMap(({ specifier, names, line }) => {
    if (/^[.#]/.test(specifier) || (TELLING.test(specifier) && source.path.startsWith('apps/'))) return [];
    const needed = neededFor(specifier, names);
    if (needed === undefined)
      return [`${source.path}:${line} imports ${specifier}, for which there is no licence at all`];
    if (needed.length === 0 || needed.some((room) => open.has(room))) return [];
    return [`${source.path}:${line} imports ${specifier}; only ${suffixesFor(needed)} files may`];
  });
}

function unlicensedGlobals(source: Source): string[] {
  const open = roomsOf(source.path);
  const own = declaredIn(source);
  return nodesOf(source).flatMap((node) => {
    if (!ts.isIdentifier(node) || !isFreeUse(node) || own.has(node.text)) return [];
    const room = GLOBALS.get(node.text);
    if (room === undefined || open.has(room)) return [];
    return [`${source.path}:${lineOfNode(source, node)} uses ${node.text}; only ${suffixesFor([room])} files may`];
  });
}

/** Names that the file gives to things of its own, and which therefore do not mean the global. */
function declaredIn(source: Source): ReadonlySet<string> {
  const named = nodesOf(source).flatMap((node) =>
    ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isBindingElement(node) ? [node.name] : [],
  );
  return new Set(named.flatMap((name) => (ts.isIdentifier(name) ? [name.text] : [])));
}

/** Whether the identifier is called, constructed or looked into, rather than declared or a member of something else. */
function isFreeUse(node: ts.Identifier): boolean {
  const parent = node.parent;
  return (
    (ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isPropertyAccessExpression(parent)) &&
    parent.expression === node
  );
}

function neededFor(specifier: string, names: readonly string[]): readonly Room[] | undefined {
  if (specifier === 'node:crypto' && names.some((name) => RANDOM.has(name))) return ['system'];
  if (PLAIN.test(specifier)) return [];
  return PACKAGES.find(([pattern]) => pattern.test(specifier))?.[1];
}

function roomsOf(path: string): ReadonlySet<Room> {
  const suffixes = basename(path, '.ts').split('.');
  const marks = suffixes.length > 1 ? suffixes.slice(1) : suffixes.filter((name) => name === 'main');
  const rooms = marks.flatMap((suffix) => SUFFIXES[suffix] ?? []);
  return new Set(path.includes('/migrations/') ? [...rooms, 'database'] : rooms);
}

function suffixesFor(rooms: readonly Room[]): string {
  const names = Object.entries(SUFFIXES).filter(([, opened]) => opened.some((room) => rooms.includes(room)));
  return names.map(([suffix]) => (suffix === 'main' ? 'main' : `.${suffix}`)).join(', ');
}
