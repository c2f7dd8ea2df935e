/** How events are got: the four channels. */
export const CHANNELS = `## Channels

| | NATS | Webhook | HTTP stream | Query |
|---|---|---|---|---|
| You | subscribe | are called | keep a connection open | ask |
| Event | the message | the body of a POST | one \`data:\` | an item of a page |
| Filter by type | subject \`muster.evt.*.*.VMStarted\` | \`types\` | \`?type=VMStarted\` | \`?type=VMStarted\` |
| by thing | subject \`muster.evt.vm.<id>.>\` | \`subjects\` | \`?subject=vm/<id>\` | \`?subject=vm/<id>\` |
| Go on after \`sequence\` n | \`opt_start_seq\` n + 1, or a durable consumer | by itself; replay | \`Last-Event-ID: n\` or \`?after=n\` | \`?after=n&order=oldest\` |
| Beyond what is kept | the stream's \`first_seq\` is higher | – | 410 | \`events\` end earlier |
| Permission | NATS user \`reader\` | \`change_config\` to set up | \`view_logs\` | \`view_logs\` |

Permissions of HTTP are those of an API key, a certificate, a token or root, if the installation asks for any (\`Authorization: Basic\` or \`Bearer\`).
Callers who may see only some things get 403 from the stream and the queries; \`GET /api/v2/vms/{id}/history\` is open to who may see the VM.

### NATS

Stream \`EVENTS\`, subjects \`muster.evt.<noun>.<id>.<Type>\`; the nouns are in the table of events. A character of an id that is no letter, digit, \`_\` or \`-\`
is written as \`=\` and two hexadecimal digits: the node \`mac.01\` is \`mac=2E01\`. The message is the event as JSON; its header \`Nats-Msg-Id\` is for the server's own
use, so tell duplicates by \`id\`. The message's place in the stream is \`sequence\`.

Address and credentials: \`npm start\` serves NATS at \`nats://127.0.0.1:4222\` (\`MUSTER_NATS_PORT\`). A client of the same machine that gives no
credentials is a **reader**: it may subscribe to \`muster.evt.>\`, ask for the state of \`EVENTS\`, and make and use consumers on it, durable or not; it cannot publish,
delete, or see anything else. From elsewhere give the credentials of a reader (\`npm run muster -- nats-users\` shows how to make one).

- Live only: subscribe to \`muster.evt.>\` or to less. What you miss while you are away is not sent again.
- Durable: a consumer with a name, \`ack_policy\` explicit; the server remembers what you acknowledged. [durable-consumer.mjs](../examples/nats/durable-consumer.mjs)
- By sequence: an ordered consumer with \`opt_start_seq\`; you remember. [resume-by-sequence.mjs](../examples/nats/resume-by-sequence.mjs)
- Of one type, one VM, one node: \`filter_subjects\`. [by-type.mjs](../examples/nats/by-type.mjs), [by-vm.mjs](../examples/nats/by-vm.mjs),
  [by-node.mjs](../examples/nats/by-node.mjs). Events about a VM name its node in \`data.nodeId\`; the subjects of a node have what happens to the node itself.

When the sequence that you want is lower than \`first_seq\` of the stream, read the gap by query first.

### Webhook

\`POST /api/v2/webhooks\` with \`{"name": "…", "url": "https://…"}\` and, if wanted, \`types\` (\`["VMStarted", "vm.*"]\`), \`subjects\` (\`["vm/<id>", "node/*"]\`),
\`ordered\`, \`batchSize\`, \`concurrency\`, \`headers\`. The answer (201) has \`id\` and \`secret\`, which is told only once. You get every matching event that is recorded after
the event \`CreateWebhook\` of your webhook.

Each is a POST in the manner of [Standard Webhooks](https://www.standardwebhooks.com): headers \`webhook-id\` (the event's id), \`webhook-timestamp\` (seconds, of this
attempt) and \`webhook-signature\` (\`v1,\` and the base64 of HMAC-SHA256 over \`<id>.<timestamp>.<body>\`, keyed with the bytes behind \`whsec_\`; several during a
rotation, separated by spaces). Body: the event, \`content-type: application/cloudevents+json\`. With \`batchSize\` above 1: a JSON list of events,
\`application/cloudevents-batch+json\`. The libraries \`standardwebhooks\` and \`cloudevents\` verify and read it.

Answer 2xx within the time limit, and fast: what you answer with anything else is sent again, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, or
when \`Retry-After\` says; then it is kept as a dead letter, which can be replayed. With \`ordered\` nothing is skipped: the webhook stops instead. 410 disables the webhook. Redirects
are not followed. Events say when a webhook was disabled (\`WebhookDisabled\`) and enabled again.

With \`"format": "anka"\` the body is the flat record of the Anka event log instead of a CloudEvent.

### HTTP stream

\`GET /api/v2/stream\`, \`Accept: text/event-stream\`: server-sent events. Of each event \`id:\` is the sequence, \`event:\` the \`type\`, \`data:\` the event. Without \`after\` and without
\`Last-Event-ID\` it begins now. Query: \`after\`, \`type\` (may be repeated), \`subject\`, \`actor\`, \`correlation\`, \`kind\`. Frames with \`event: bookmark\` have no data but an \`id\`: remember it like
that of an event, so that a filter that lets nothing pass for long does not make you resume from far behind. Lines that begin with a colon are signs of life, one every
15 s or more often. When the connection ends, connect again with \`Last-Event-ID\`, as browsers do by themselves. 410: the events after this id are no longer kept, or were never
there.

### Query

\`GET /api/v2/events\` → \`{"items": [event, …], "next": "…"}\`; \`next\` is the \`cursor\` of the next page, absent on the last. Query: \`type\` (may be repeated),
\`subject\` (\`vm/<id>\`, or an id alone), \`actor\`, \`correlation\`, \`kind\`, \`since\`, \`until\` (RFC 3339), \`after\`, \`before\` (sequences), \`order\` (\`newest\`, the default, or \`oldest\`), \`limit\` (100; at most 500).
\`GET /api/v2/events/{id}\` is one event. \`GET /api/v2/vms/{id}/history\` is the life of one VM, \`GET /api/v2/vms/{id}?at=<sequence or time>\` how it was then. A query shows
everything that the same client was told before by a door. Errors are RFC 9457 problems.
`;
