import type { CommandType, EventType } from '../../libs/domain/src/index.js';
import { COMMANDS, EVENTS } from '../../libs/events/src/catalogue.js';
import { versionOf } from '../../libs/events/src/event-version.js';
import { mapSchema, type Schema } from './schemas/json-schema.js';
import type { Schemas } from './schemas/schema-pages.js';

const NATS = { $ref: '#/servers/nats' };
const JSON_SCHEMA = 'application/schema+json;version=draft-07';
const ENVELOPE = { $ref: './schemas/EventEnvelope.v1.json' };

const DESCRIPTION =
  'Events and commands of a Muster cluster. What is promised, and how to go on after a break, is in docs/events.md; ' +
  'webhooks and queries are in the OpenAPI document.';

/** docs/asyncapi.json: AsyncAPI 3.0, from the point of view of Muster, which sends events and receives commands. */
export function asyncApiPage({ events, commands }: Schemas): string {
  const open = [...commands].filter(([type]) => COMMANDS[type].origin === 'api');
  const types = [...events.keys()];
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Muster', version: '2.0.0', description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'Where `npm start` serves NATS' },
      http: { host: '127.0.0.1:8090', protocol: 'http', description: 'Where `npm start` serves the API' },
    },
    channels: {
      ...Object.fromEntries(types.map((type) => [eventKey(type), eventChannel(type)])),
      stream: streamChannel(types),
      ...Object.fromEntries(open.map(([type]) => [commandKey(type), commandChannel(type)])),
      outcome: OUTCOME_CHANNEL,
    },
    operations: {
      ...Object.fromEntries(types.map((type) => [`send${eventKey(type)}`, sendOperation(eventKey(type))])),
      sendStream: sendOperation('stream'),
      ...Object.fromEntries(open.map(([type]) => [`receive${commandKey(type)}`, receiveOperation(commandKey(type))])),
    },
    components: {
      messages: {
        ...Object.fromEntries(types.map((type) => [eventKey(type), eventMessage(type)])),
        ...Object.fromEntries(open.map(([type, schema]) => [commandKey(type), commandMessage(type, schema)])),
        Outcome: OUTCOME,
      },
      schemas: partsOf(open.map(([, schema]) => schema)),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** An accepted action keeps the name of its command, so the key says which of the two is meant. */
const eventKey = (type: EventType): string => `Event${type}`;
const commandKey = (type: CommandType): string => `Command${type}`;
const messageRef = (key: string): object => ({ $ref: `#/components/messages/${key}` });

function eventChannel(type: EventType): object {
  const { noun, meaning } = EVENTS[type];
  const address = `muster.evt.${noun}.${noun === 'cluster' ? 'cluster' : '{id}'}.${type}`;
  const id = { description: `Id of the ${noun}; what is no letter, digit, _ or - is written as = and two hex digits` };
  return {
    address,
    description: meaning,
    servers: [NATS],
    messages: { [eventKey(type)]: messageRef(eventKey(type)) },
    ...(noun !== 'cluster' && { parameters: { id } }),
  };
}

const streamChannel = (types: readonly EventType[]): object => ({
  address: '/api/v2/stream',
  description: 'All events as server-sent events; go on after a break with `Last-Event-ID`',
  servers: [{ $ref: '#/servers/http' }],
  messages: Object.fromEntries(types.map((type) => [eventKey(type), messageRef(eventKey(type))])),
});

const commandChannel = (type: CommandType): object => ({
  address: `muster.cmd.${COMMANDS[type].noun}.${type}`,
  description: COMMANDS[type].meaning,
  servers: [NATS],
  messages: { [commandKey(type)]: messageRef(commandKey(type)) },
});

const OUTCOME_CHANNEL = {
  address: null,
  description: 'The subject that the header `Muster-Reply` of a command names',
  servers: [NATS],
  messages: { Outcome: messageRef('Outcome') },
};

const sendOperation = (key: string): object => ({ action: 'send', channel: { $ref: `#/channels/${key}` } });
const receiveOperation = (key: string): object => ({
  action: 'receive',
  channel: { $ref: `#/channels/${key}` },
  reply: { address: { location: '$message.header#/Muster-Reply' }, channel: { $ref: '#/channels/outcome' } },
});

function eventMessage(type: EventType): object {
  const { noun, meaning } = EVENTS[type];
  const data = { $ref: `./schemas/${type}.v${versionOf(type)}.json` };
  const own = { type: 'object', properties: { type: { const: `muster.${noun}.${type}` }, data } };
  const payload = { schemaFormat: JSON_SCHEMA, schema: { allOf: [ENVELOPE, own] } };
  return {
    name: `muster.${noun}.${type}`,
    title: type,
    summary: meaning,
    contentType: 'application/cloudevents+json',
    payload,
  };
}

const TEXT = { type: 'string' };

function commandMessage(type: CommandType, { $defs: _, $id: __, $schema: ___, ...data }: Schema): object {
  const wrapped = {
    type: 'object',
    properties: { id: TEXT, actor: TEXT, correlationid: TEXT, data: local(data) },
    required: ['data'],
  };
  const headers = { type: 'object', properties: { 'Nats-Msg-Id': TEXT, 'Muster-Reply': TEXT } };
  return {
    name: `muster.${COMMANDS[type].noun}.${type}`,
    title: type,
    summary: COMMANDS[type].meaning,
    headers,
    payload: { schemaFormat: JSON_SCHEMA, schema: wrapped },
  };
}

const OUTCOME = {
  name: 'Outcome',
  title: 'Outcome',
  summary: 'What came of a command',
  payload: {
    schemaFormat: JSON_SCHEMA,
    schema: {
      oneOf: [
        {
          type: 'object',
          properties: {
            kind: { const: 'accepted' },
            sequence: { type: 'integer' },
            vmIds: { type: 'array', items: TEXT },
          },
          required: ['kind', 'sequence'],
        },
        {
          type: 'object',
          properties: {
            kind: { const: 'refused' },
            refusal: { type: 'object', properties: { code: TEXT }, required: ['code'] },
          },
          required: ['kind', 'refusal'],
        },
      ],
    },
  },
};

/** Definitions live in the components of this document. */
function local(schema: Schema): unknown {
  return mapSchema(schema, (part) =>
    typeof part['$ref'] === 'string'
      ? { ...part, $ref: part['$ref'].replace('#/$defs/', '#/components/schemas/') }
      : part,
  );
}

function partsOf(schemas: readonly Schema[]): Record<string, unknown> {
  const parts = schemas.flatMap(({ $defs = {} }) => Object.entries($defs));
  return Object.fromEntries(parts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, local(schema)]));
}
