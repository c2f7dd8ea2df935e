import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { ROOT } from './rules/source.js';

const require = createRequire(import.meta.url);
const specification = require('@asyncapi/specs') as { schemasWithoutId: Record<string, object> };
const PATH = join(ROOT, 'docs/asyncapi.json');
const text = readFileSync(PATH, 'utf8');

/** What is wrong with an AsyncAPI document, by the schema that AsyncAPI publishes. */
function faults(document: unknown): readonly string[] {
  const schema = specification.schemasWithoutId['3.0.0'] ?? {};
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** References that lead nowhere, inside the document and to files beside it. */
function lost(document: unknown): readonly string[] {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
  return [...new Set(refs)].filter((ref) => {
    if (!ref.startsWith('#/')) return !existsSync(join(dirname(PATH), ref));
    const steps = ref.slice(2).split('/');
    return (
      steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document) === undefined
    );
  });
}

describe('the AsyncAPI document', () => {
  it('is one, by the words of AsyncAPI 3.0', () => expect(faults(JSON.parse(text))).toEqual([]));

  it('refers to what there is', () => expect(lost(JSON.parse(text))).toEqual([]));

  it('would be caught with a wrong operation, and with a reference to nothing', () => {
    const document = JSON.parse(text) as { operations: Record<string, unknown> };
    expect(faults({ ...document, operations: { a: { action: 'shout' } } })).not.toEqual([]);
    expect(lost({ a: { $ref: '#/channels/none' }, b: { $ref: './schemas/None.v1.json' } })).toHaveLength(2);
  });
});
