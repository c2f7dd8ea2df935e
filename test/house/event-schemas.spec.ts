import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { EventType } from '../../libs/domain/src/index.js';
import { EVENTS } from '../../libs/events/src/catalogue.js';
import type { CloudEvent } from '../../libs/events/src/cloud-event.js';
import { schemaName, versionNamed, versionOf } from '../../libs/events/src/event-version.js';
import { samplesIn } from '../../libs/events/src/golden/samples.contract.js';
import { mapSchema, type Schema } from '../../tools/docs/schemas/json-schema.js';
import { SCHEMA_DIR, schemaPath } from '../../tools/docs/schemas/schema-pages.js';
import { ROOT } from './rules/source.js';

const GOLDEN = join(ROOT, 'libs/events/src/golden');
const releases = readdirSync(GOLDEN).filter((name) => /^\d/.test(name));
const newest = releases.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '';

const eventsOf = (release: string): CloudEvent[] =>
  readFileSync(join(GOLDEN, release, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CloudEvent);

const stored: Schema[] = readdirSync(join(ROOT, SCHEMA_DIR)).map(
  (file) => JSON.parse(readFileSync(join(ROOT, SCHEMA_DIR, file), 'utf8')) as Schema,
);

/** No field that the schema does not name. */
const closed = (schema: Schema): Schema =>
  mapSchema(schema, (part) =>
    part['properties'] !== undefined && part['additionalProperties'] === undefined
      ? { ...part, additionalProperties: false }
      : part,
  ) as Schema;

/** What is wrong with an event: its envelope, or its data in the version that it names. */
function judge(schemas: readonly Schema[]): (event: CloudEvent) => string {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  formats.default(ajv);
  ajv.addSchema([...schemas]);
  const told = (validate: ValidateFunction | undefined, value: unknown): string => {
    if (validate === undefined) return 'has no schema';
    return validate(value) ? '' : ajv.errorsText(validate.errors);
  };
  return (event) => {
    const type = event.type.slice(event.type.lastIndexOf('.') + 1);
    const name = event.dataschema ?? schemaName(type, 1);
    const wrong = told(ajv.getSchema(schemaName('EventEnvelope', 1)), event) || told(ajv.getSchema(name), event.data);
    return wrong === '' ? '' : `${event.type} ${event.id}: ${wrong}`;
  };
}

describe('the stored schemas of events', () => {
  it('have a file for every version of every type', () => {
    const types = Object.keys(EVENTS) as EventType[];
    const wanted = types.flatMap((type) =>
      Array.from({ length: versionOf(type) }, (_, n) => schemaPath(type, n + 1).slice(SCHEMA_DIR.length + 1)),
    );
    expect(readdirSync(join(ROOT, SCHEMA_DIR)).sort()).toEqual([...wanted, 'EventEnvelope.v1.json'].sort());
  });

  it.each(releases)('are fitted by everything that release %s wrote', (release) => {
    expect(
      eventsOf(release)
        .map(judge(stored))
        .filter((wrong) => wrong !== ''),
    ).toEqual([]);
  });

  it('are fitted by the samples', () => {
    expect(
      samplesIn()
        .map(({ event }) => judge(stored)(event))
        .filter((wrong) => wrong !== ''),
    ).toEqual([]);
  });

  it('name every field that is written today', () => {
    expect(
      eventsOf(newest)
        .map(judge(stored.map(closed)))
        .filter((wrong) => wrong !== ''),
    ).toEqual([]);
  });

  it('are not fitted by data of another kind, nor by an envelope with a part missing', () => {
    const [sample] = samplesIn().filter(({ type }) => type === 'VMStarted');
    if (sample === undefined) throw new Error('there must be a sample of VMStarted');
    const { event } = sample;
    expect(versionNamed('VMStarted', event.dataschema)).toBe(1);
    expect(judge(stored)({ ...event, data: { ...event.data, nodeId: 7 } })).toMatch(/nodeId must be string/);
    const { sequence: _, ...incomplete } = event;
    expect(judge(stored)(incomplete as CloudEvent)).toMatch(/must have required property 'sequence'/);
    expect(judge(stored)({ ...event, dataschema: 'urn:muster:VMStarted:9' })).toMatch(/has no schema/);
  });
});
