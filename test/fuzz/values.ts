import fc from 'fast-check';
import { type Document, resolved, type Schema } from './document.js';

/** What ids are of. */
export const KINDS = ['vm', 'node', 'template', 'group', 'distribution', 'image', 'key'] as const;
export type Kind = (typeof KINDS)[number];

/** Stands for an id that there is when the request is sent, e.g. `{{vm 17}}`: the 17th of the VMs, counted in a circle. */
const existing = (kind: Kind): fc.Arbitrary<string> => fc.nat(50).map((n) => `{{${kind} ${n}}}`);
export const PLACEHOLDER = /\{\{(\w+) (\d+)\}\}/g;

/** How deep values of the right shape go. */
const MAX_DEPTH = 4;
/** What is asked for in earnest is bounded below what a route allows, where it would fill the fleet. */
const AT_MOST: Readonly<Record<string, number>> = { count: 2, vcpu: 2, vram: 256 };

/** What kind of thing a field of this name identifies. */
const KIND_OF: readonly (readonly [RegExp, Kind])[] = [
  [/^(vmid|template_id|target_vm_id)$/, 'template'],
  [/^node_ids?$/, 'node'],
  [/^instance_id$/, 'vm'],
  [/group/i, 'group'],
  [/^distribution_id$/, 'distribution'],
  [/^image_id$/, 'image'],
  [/^key_id$/, 'key'],
];

/** What `id` is short for on a path that ends so; the first match counts. */
const MEANT_BY_ID: readonly (readonly [RegExp, string])[] = [
  [/distribute$/, 'distribution_id'],
  [/image$/, 'image_id'],
  [/apikey$/, 'key_id'],
  [/group$/, 'group_id'],
  [/node$/, 'node_id'],
  [/registry/, 'template_id'],
  [/vm/, 'instance_id'],
];

/** The full name of a parameter of this path. */
export const fullName = (name: string, path: string): string =>
  name === 'id' ? (MEANT_BY_ID.find(([pattern]) => pattern.test(path))?.[1] ?? name) : name;

const foreign = fc.oneof(fc.uuid(), fc.constantFrom('nope', 'i-092bc39e9268d3b54', '../../etc/passwd', 'a/b', '%00'));

function idFor(name: string): fc.Arbitrary<string> {
  const kind = KIND_OF.find(([pattern]) => pattern.test(name))?.[1];
  const known = kind === undefined ? fc.oneof(...KINDS.map(existing)) : existing(kind);
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: foreign });
}

const isId = (name: string): boolean => /(^|_)ids?$|^vmid$|^group(Name)?$/.test(name);

/** A value as the schema wants it. `name` of the field says what ids and costly numbers mean. */
export function valid(document: Document, wanted: Schema, name = '', depth = 0): fc.Arbitrary<unknown> {
  const schema = resolved(document, wanted);
  const [variant] = [schema.oneOf, schema.anyOf, schema.allOf].filter((list) => list !== undefined);
  if (variant !== undefined) return fc.oneof(...variant.map((one) => valid(document, one, name, depth)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numberOf(schema, name);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valid(document, schema.items ?? {}, name, depth + 1), { maxLength: 3 });
    case 'object':
      return depth < MAX_DEPTH ? objectOf(document, schema, depth) : fc.constant({});
    default:
      return textOf(schema, name);
  }
}

function numberOf({ minimum = 0, maximum = 2 ** 31 }: Schema, name: string): fc.Arbitrary<unknown> {
  const most = Math.min(maximum, AT_MOST[name] ?? maximum);
  return fc.oneof(fc.integer({ min: minimum, max: Math.min(most, minimum + 5) }), fc.constantFrom(minimum, most));
}

function textOf({ minLength = 0, maxLength = 64 }: Schema, name: string): fc.Arbitrary<unknown> {
  if (isId(name)) return idFor(name);
  if (name === 'mac_address')
    return fc.nat(255).map((n) => `02:00:00:00:00:${n.toString(16).padStart(2, '0').toUpperCase()}`);
  if (name === 'service') return fc.constantFrom('agent', 'event', 'x-1');
  if (name === 'tag') return fc.constantFrom('v1', 'v2', 'nope');
  if (/script$/.test(name)) return fc.string().map((text) => Buffer.from(text).toString('base64'));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' });
}

function objectOf(document: Document, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
  const model = Object.fromEntries(fields.map(([name, field]) => [name, valid(document, field, name, depth + 1)]));
  const requiredKeys = (schema.required ?? []).filter((name) => name in model);
  const optional = Object.keys(model).filter((field) => !requiredKeys.includes(field));
  // With half of all fields nearly every request asks for something that cannot be had together.
  const sparse = fc.subarray(optional, { maxLength: Math.min(2, optional.length) }).chain((some) => {
    const kept = [...requiredKeys, ...some].map((field) => [field, model[field] as fc.Arbitrary<unknown>]);
    return fc.record(Object.fromEntries(kept) as Record<string, fc.Arbitrary<unknown>>);
  });
  return fc.oneof(fc.record(model, { requiredKeys }), sparse);
}

const LONG = 100_000;

/** What no field wants, and clients send all the same. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, '', ' ', '0', '7', '-1', '1e3', '0x10', 'true', 'null', '[]', '{}', 'NaN', '１２'],
    ...[0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 64, true, false, [], {}, [null], [[]], [{}]],
    ...['\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u202eabc', '\ufeff', '\u2028', '😀', '\\', '"', "'", '$1'],
    ...['__proto__', 'constructor', 'toString', '$VERSION', '${7*7}', '{{7*7}}', "'; DROP TABLE vm; --", '%', '%s%n'],
    ...['../../../etc/passwd', '/dev/null', 'http://127.0.0.1:1/', '\r\nX: y', '<script>', '>', '*', 'muster.>'],
  ),
  fc.constantFrom(255, 256, 257, 4096, 4097, LONG).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.nat(), { minLength: 100, maxLength: 200 }),
  fc.constantFrom(20, 200).map((depth) => nested(depth)),
  fc.constant({ length: 3, 0: 'a' }),
  idFor('id'),
);

/** Arrays in arrays, as a value. */
function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}
