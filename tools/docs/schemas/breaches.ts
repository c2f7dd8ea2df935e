import { resolved, type Schema } from './json-schema.js';

/** Words for people, which may change at any time. */
const WORDS: ReadonlySet<string> = new Set(['$schema', '$id', '$defs', '$ref', 'title', 'description', 'examples']);
/** Compared part by part. */
const PARTS: ReadonlySet<string> = new Set(['properties', 'required', 'items', 'additionalProperties', 'anyOf']);

interface Pair {
  readonly path: string;
  readonly before: Schema;
  readonly after: Schema;
}

/**
 * Why `after` is another version than `before`, in words; empty when it is the same one. Within a version whatever was recorded must fit
 * the schema of today, and whatever is recorded today must be readable by a program that was written for that of yesterday. What
 * passes both is one thing only: a new field that may be missing. A value more in an enumeration is not, since programs choose by it.
 */
export function breaches(before: Schema, after: Schema): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const open: Pair[] = [{ path: 'data', before, after }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    // Types may contain themselves.
    if (pair.before.$ref !== undefined && pair.after.$ref !== undefined) {
      const refs = `${pair.before.$ref} ${pair.after.$ref}`;
      if (seen.has(refs)) continue;
      seen.add(refs);
    }
    const { path } = pair;
    const [old, now] = [resolved(pair.before, before), resolved(pair.after, after)];
    found.push(...wordsOn(path, old, now), ...fieldsOn(path, old, now));
    open.push(...partsOf(path, old, now));
  }
  return found.sort();
}

function wordsOn(path: string, old: Schema, now: Schema): string[] {
  const keywords = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keywords].flatMap((keyword) => {
    if (WORDS.has(keyword)) return [];
    const [was, is] = [old, now].map((schema) => shown(keyword, schema[keyword as keyof Schema]));
    return was === is ? [] : [`${path} has ${keyword} ${is} and had ${was}`];
  });
}

/** Of what is compared part by part only its presence and its size. */
function shown(keyword: string, value: unknown): string {
  if (value === undefined) return 'none';
  if (!PARTS.has(keyword)) return JSON.stringify(value);
  if (keyword === 'properties' || keyword === 'required') return 'none';
  if (Array.isArray(value)) return `of ${value.length} parts`;
  return typeof value === 'object' ? 'of a kind' : JSON.stringify(value);
}

function fieldsOn(path: string, old: Schema, now: Schema): string[] {
  const [was, is] = [new Set(old.required), new Set(now.required)];
  const known = Object.keys(old.properties ?? {});
  const gone = known.filter((field) => now.properties?.[field] === undefined);
  return [
    ...gone.map((field) => `${path}.${field} is gone`),
    ...[...is].filter((field) => !was.has(field)).map((field) => `${path}.${field} must be there now`),
    ...[...was].filter((f) => !is.has(f) && !gone.includes(f)).map((field) => `${path}.${field} may be missing now`),
  ];
}

function partsOf(path: string, old: Schema, now: Schema): Pair[] {
  const pair = (where: string, before: unknown, after: unknown): Pair[] =>
    isSchema(before) && isSchema(after) ? [{ path: where, before, after }] : [];
  return [
    ...Object.keys(old.properties ?? {}).flatMap((field) =>
      pair(`${path}.${field}`, old.properties?.[field], now.properties?.[field]),
    ),
    ...pair(`${path}[]`, old.items, now.items),
    ...pair(`${path}.*`, old.additionalProperties, now.additionalProperties),
    ...(old.anyOf ?? []).flatMap((part, index) => pair(`${path}|${index}`, part, now.anyOf?.[index])),
  ];
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
