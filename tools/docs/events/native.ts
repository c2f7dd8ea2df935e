/** Commands over NATS. */
export const NATIVE = `## Commands over NATS

What a door takes over HTTP, a NATS client may publish itself, with the same rules, the same refusals and the same events. It needs a NATS user of the
role **commander**, which may publish only the commands that it was given, and hears answers only below its own inbox prefix: tell your client that prefix
(\`inboxPrefix: '_INBOX_commander'\` for the user that \`npm start\` makes; its password is in \`nats.passwords\` of the home directory).

Publish to \`muster.cmd.<noun>.<Command>\`, as in the table below:

| Header | Meaning |
|---|---|
| \`Nats-Msg-Id\` | Id of the command. The same id is the same command: sent again, it happens once, and is answered alike. Printable ASCII without spaces, at most 256. |
| \`Muster-Reply\` | Subject on which you wait for the outcome: below your inbox prefix. Listen before you publish. |

The payload is JSON, at most 768 KiB: \`{"data": {…}}\` with the fields of the command. Besides, it may have \`id\` (instead of the header), \`type\`, \`time\`, \`actor\` (who asks: what the log will
show), \`correlationid\` and \`traceparent\`. Without \`actor\` it is \`anonymous\`; the log marks every such command with \`authmode: nats\`.

Two answers come. On the ordinary reply subject of a NATS request the *stream* says \`{"stream": "COMMANDS", "seq": …}\`: the command is durable and will be decided. On \`Muster-Reply\`
the *control plane* says what came of it:

\`\`\`json
{ "kind": "accepted", "sequence": 4711, "vmIds": ["2f1c…"] }
\`\`\`

\`sequence\` is that of the last event which it caused, \`vmIds\` (of \`StartVM\`) the VMs that were made, all of them or none. Or:

\`\`\`json
{ "kind": "refused", "refusal": { "code": "TEMPLATE_UNKNOWN", "templateId": "…" } }
\`\`\`

\`code\` is the code of the refusal that a door would word, with its values beside it; \`COMMAND_FAILED\` with a \`message\` when the command could not be read. When no
outcome comes, nobody decides at present; the command waits. Publish it again with the same id to hear its outcome: with \`Nats-Msg-Id\` set to something new and \`id\` in
the payload, since the stream itself drops a message id that it has seen lately.

[start-vm.mjs](../examples/nats/start-vm.mjs) does all of it.
`;

export const QUESTIONS = (subject: string): string => `## Questions

Asked on core NATS with a reply subject, answered by the control plane that leads, and kept nowhere. Only controllers may ask; everybody else asks
\`GET /api/v2/vms/{id}/explain\`.

| Question | Subject | Asked by | Meaning |
|---|---|---|---|
| \`{"vmId": "…"}\` | \`${subject}\` | a door or a NATS client | Why does the VM wait, or why is it where it is? The answer has \`asOf\`, the sequence of the last event that it knows of, and \`explanation\`; without the latter there is no such VM. |
`;
