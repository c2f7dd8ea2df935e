import type { Command } from './commands.js';

/** The id of what the command is about, of several things that of the first; `cluster` when it is about all of it. */
export function subjectOf(command: Command): string {
  if ('vmId' in command) return command.vmId;
  if ('templateId' in command) return command.templateId;
  if ('nodeId' in command) return command.nodeId;
  if ('groupId' in command) return command.groupId;
  if ('distributionId' in command) return command.distributionId;
  if ('webhookId' in command) return command.webhookId;
  if ('keyId' in command) return command.keyId;
  if ('grantee' in command) return command.grantee.name;
  return 'vmIds' in command ? (command.vmIds[0] ?? 'vm') : 'cluster';
}
