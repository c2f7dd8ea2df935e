import { breaches } from './breaches.js';
import type { Schema } from './json-schema.js';

const text: Schema = { type: 'string' };
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const withDefinition = (schema: Schema, Thing: Schema): Schema => ({ ...schema, $defs: { Thing } });
const thing: Schema = { $ref: '#/$defs/Thing' };

const old = object({ vmId: text, mode: { enum: ['a', 'b'] }, list: { type: 'array', items: object({}) } }, ['vmId']);

describe('a schema is the same version still', () => {
  it.each<[string, Schema]>([
    ['when nothing changed', old],
    ['with a field more that may be missing', { ...old, properties: { ...old.properties, name: text } }],
    [
      'with such a field deep inside',
      { ...old, properties: { ...old.properties, list: { type: 'array', items: object({ a: text }) } } },
    ],
    ['in other words', { ...old, description: 'better', title: 'New' }],
  ])('%s', (_, after) => expect(breaches(old, after)).toEqual([]));

  it('when a part of it got a name', () => {
    const named = withDefinition(object({ part: thing }), object({ a: text }));
    expect(breaches(object({ part: object({ a: text }) }), named)).toEqual([]);
  });

  it('when it contains itself', () => {
    const tree = withDefinition(object({ root: thing }), object({ child: thing }));
    expect(breaches(tree, tree)).toEqual([]);
  });
});

describe('a schema is another version', () => {
  it.each<[string, Schema, string]>([
    ['without a field', object({ vmId: text, mode: { enum: ['a', 'b'] } }, ['vmId']), 'data.list is gone'],
    ['when a field must be there', { ...old, required: ['vmId', 'mode'] }, 'data.mode must be there now'],
    ['when a field may be missing', { ...old, required: [] }, 'data.vmId may be missing now'],
    [
      'when a new field must be there',
      { ...old, properties: { ...old.properties, x: text }, required: ['vmId', 'x'] },
      'data.x must be there now',
    ],
    [
      'with another type of a field',
      { ...old, properties: { ...old.properties, vmId: { type: 'number' } } },
      'data.vmId has type "number" and had "string"',
    ],
    [
      'with a value more to choose from',
      { ...old, properties: { ...old.properties, mode: { enum: ['a', 'b', 'c'] } } },
      'data.mode has enum ["a","b","c"] and had ["a","b"]',
    ],
    [
      'when what a list holds must have more',
      { ...old, properties: { ...old.properties, list: { type: 'array', items: object({ a: text }, ['a']) } } },
      'data.list[].a must be there now',
    ],
  ])('%s', (_, after, words) => expect(breaches(old, after)).toEqual([words]));

  it('when a definition changed, wherever it is used', () => {
    const before = withDefinition(object({ part: thing }), object({ a: text }));
    const after = withDefinition(object({ part: thing }), object({ b: text }, ['b']));
    expect(breaches(before, after)).toEqual(['data.part.a is gone', 'data.part.b must be there now']);
  });

  it('when the values of a dictionary or one of several forms changed', () => {
    const map = (value: Schema): Schema => ({ type: 'object', additionalProperties: value });
    expect(breaches(map(text), map({ type: 'number' }))).toEqual(['data.* has type "number" and had "string"']);
    expect(breaches({ anyOf: [text] }, { anyOf: [{ type: 'null' }] })).toHaveLength(1);
    expect(breaches({ anyOf: [text] }, { anyOf: [text, { type: 'null' }] })).toEqual([
      'data has anyOf of 2 parts and had of 1 parts',
    ]);
  });
});
