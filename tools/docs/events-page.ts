import { COMMANDS, EVENTS } from '../../libs/events/src/catalogue.js';
import { EXPLAIN_SUBJECT } from '../../libs/events/src/subjects.js';

const INTRODUCTION = `<!-- Generated from libs/events/src/catalogue.ts by \`npm run docs\`. Do not edit. -->

# Commands and events

Commands are what is asked or reported; they travel in the stream COMMANDS. Events are what is true; they stay in the stream EVENTS. Both are
CloudEvents 1.0 objects; the id of the object is also the message id that JetStream deduplicates by. A dot in an id is written \`=2E\` in a subject.
`;

const SENDERS = {
  api: 'a door or a NATS client',
  node: 'the node agent',
  'control-plane': 'the control plane',
} as const;

const QUESTIONS = `## Questions

Asked on core NATS with a reply subject, answered by the control plane that leads, and kept nowhere.

| Question | Subject | Asked by | Meaning |
|---|---|---|---|
| \`{"vmId": "…"}\` | \`${EXPLAIN_SUBJECT}\` | a door or a NATS client | Why does the VM wait, or why is it where it is? The answer has \`asOf\`, the sequence of the last event that it knows of, and \`explanation\`; without the latter there is no such VM. |
`;

/** docs/events.md: one table of commands, one of events, a row for each entry of the catalogue, and one of questions. */
export function eventsPage(): string {
  const commands = Object.entries(COMMANDS).map(([type, { noun, origin, meaning }]) => {
    const subject = origin === 'node' ? `muster.rpt.<node id>.${type}` : `muster.cmd.${noun}.${type}`;
    return `| \`${type}\` | \`${subject}\` | ${SENDERS[origin]} | ${meaning} |`;
  });
  const events = Object.entries(EVENTS).map(([type, { noun, kind, meaning }]) => {
    const id = noun === 'cluster' ? 'cluster' : `<${noun} id>`;
    return `| \`${type}\` | \`muster.evt.${noun}.${id}.${type}\` | ${kind} | ${meaning} |`;
  });
  return [
    INTRODUCTION,
    table('Commands', ['Command', 'Subject', 'Sent by', 'Meaning'], commands),
    table('Events', ['Event', 'Subject', 'Kind', 'Meaning'], events),
    QUESTIONS,
  ].join('\n');
}

function table(title: string, columns: readonly string[], rows: readonly string[]): string {
  return `## ${title}\n\n| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}\n${rows.join('\n')}\n`;
}
