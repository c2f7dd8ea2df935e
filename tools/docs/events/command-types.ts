import type { CommandType } from '../../../libs/domain/src/index.js';
import { COMMANDS } from '../../../libs/events/src/catalogue.js';
import type { Schema } from '../schemas/json-schema.js';
import { fieldTable } from './field-table.js';

const SENDERS = {
  api: 'a door or a NATS client',
  node: 'the node agent',
  'control-plane': 'the control plane',
} as const;

/** One table of all commands, then the data of those that a client may give. */
export function commandTypes(schemas: ReadonlyMap<CommandType, Schema>): string {
  const rows = Object.entries(COMMANDS).map(([type, { noun, origin, meaning }]) => {
    const subject = origin === 'node' ? `muster.rpt.<node id>.${type}` : `muster.cmd.${noun}.${type}`;
    return `| \`${type}\` | \`${subject}\` | ${SENDERS[origin]} | ${meaning} |`;
  });
  const open = [...schemas].filter(([type]) => COMMANDS[type].origin === 'api');
  const chapters = open.map(([type, schema]) => `### Command ${type}\n\n${fieldTable(schema) || 'It has no data.\n'}`);
  return [
    '## Commands',
    '',
    `| Command | Subject | Sent by | Meaning |\n|---|---|---|---|\n${rows.join('\n')}`,
    '',
    '`StartVM` takes `count` (1 when absent) instead of `vmIds`.',
    '',
    ...chapters,
  ].join('\n');
}
