/** What a consumer may rely on, on every channel. */
export const PROMISES = `<!-- Generated from libs/events, libs/domain and tools/docs/events by \`npm run docs\`. Do not edit. -->

# Commands and events

Everything that happens in a cluster is an event in one log. This page is all that one needs to write a consumer of it, or a client that gives
commands over NATS. A machine reads the same in [asyncapi.json](asyncapi.json), the schemas in [schemas](schemas), and the HTTP routes in the OpenAPI
document at \`/openapi\`. A test of ours (\`test/consumer\`) was written from this page alone.

## What is promised

- **One event, one id, one sequence.** The same event comes by NATS, by webhook, by the HTTP stream and by query with the same \`id\`, the same \`sequence\`
  and the same \`data\`.
- **Order.** \`sequence\` is the place in the log: of two events the one with the lower number happened first. NATS, the HTTP stream and queries give
  events in this order. A webhook does so with \`"ordered": true\`; otherwise put them in order by \`sequence\`, or ignore what is older than what you
  have of the same thing (\`noun\` and \`subject\`).
- **At least once.** Nothing is left out, but after a broken connection, a crash or an answer that was lost, an event may come again: with the same
  \`id\`. Remember the highest \`sequence\` that you have dealt with, in the same transaction as what you made of it, and pass over whatever is not
  higher; where order is not kept, remember ids.
- **Numbers may be missing.** A filter leaves gaps, and so may the log itself. A gap is no loss.
- **From any point.** Every channel goes on after a sequence that you name, as far back as events are kept. Further back, the answer is an error (410), never a
  silent hole: then read the present state (\`GET /api/v2/vms/{id}\`, …), note its sequence, and go on from there.
- **Old events stay readable.** A type may get fields that may be missing, at any time; let pass what you do not know. Any other change is a new
  version in \`dataschema\`. Events that were recorded before keep theirs. An unknown \`type\` is to be passed over.

The order of a consumer's life is always the same: remember a sequence; ask for what came after it; deal with each event; remember its sequence.
`;
