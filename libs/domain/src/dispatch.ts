import { deleteApiKey, updateApiKey } from './access/change-api-key.js';
import { createApiKey } from './access/create-api-key.js';
import { deletePermissionGroup, setGroupPermissions, setResourcePermissions } from './access/set-permissions.js';
import type { Command, CommandType } from './commands.js';
import { cancelDistribution } from './distribution/cancel-distribution.js';
import { distributeTemplateToNodes } from './distribution/distribute-template-to-nodes.js';
import { reportTemplatePull } from './distribution/report-template-pull.js';
import { changeMembership } from './group/change-membership.js';
import { createGroup } from './group/create-group.js';
import { deleteGroup } from './group/delete-group.js';
import { updateGroup } from './group/update-group.js';
import { judgeSaveReport } from './image/judge-save-report.js';
import { fillMacPool } from './mac/fill-mac-pool.js';
import { purgeMacPool } from './mac/purge-mac-pool.js';
import { saveImage } from './image/save-image.js';
import { configNode } from './node/config-node.js';
import { deleteNode, unregisterNode } from './node/delete-node.js';
import { markNodeHeard, markNodeSilent } from './node/node-silence.js';
import { registerNode } from './node/register-node.js';
import { reportTemplateEvicted } from './node/report-template-evicted.js';
import { reportTemplatePulled } from './node/report-template-pulled.js';
import { reportUnknownVms } from './node/report-unknown-vms.js';
import { setPolicy } from './set-policy.js';
import { deleteRegistryVm } from './template/delete-registry-vm.js';
import { pushTemplate } from './template/push-template.js';
import { removeTemplateFromNodes } from './template/remove-template-from-nodes.js';
import { revertTemplate } from './template/revert-template.js';
import { setTemplateArch } from './template/set-template-arch.js';
import { judgeReport } from './vm/judge-report.js';
import { restartVm } from './vm/restart-vm.js';
import { runTimers } from './vm/run-timers.js';
import { startVm } from './vm/start-vm.js';
import { terminateVm } from './vm/terminate-vm.js';
import { updateVm } from './vm/update-vm.js';
import { createWebhook } from './webhook/create-webhook.js';
import { deleteWebhook, disableWebhook } from './webhook/end-webhook.js';
import { updateWebhook } from './webhook/update-webhook.js';
import type { Refusal } from './refusal.js';
import type { Turn } from './turn.js';

/** Decides a command of one type: emits facts, or says why not. */
type Decider<Type extends CommandType> = (turn: Turn, command: Extract<Command, { type: Type }>) => Refusal | undefined;

/** Who decides what. A command without a decider does not compile. */
const DECIDERS: { readonly [Type in CommandType]: Decider<Type> } = {
  StartVM: startVm,
  UpdateVM: updateVm,
  RestartVM: restartVm,
  TerminateVM: terminateVm,
  ConfigNode: configNode,
  DeleteNode: deleteNode,
  CreateGroup: createGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  AddNodesToGroups: changeMembership,
  RemoveNodesFromGroups: changeMembership,
  PushTemplate: pushTemplate,
  DeleteRegistryVm: deleteRegistryVm,
  RevertTemplate: revertTemplate,
  SetTemplateArch: setTemplateArch,
  RemoveTemplateFromNodes: removeTemplateFromNodes,
  DistributeTemplateToNodes: distributeTemplateToNodes,
  CancelDistribution: cancelDistribution,
  FillMacPool: fillMacPool,
  PurgeMacPool: purgeMacPool,
  SaveImage: saveImage,
  CreateApiKey: createApiKey,
  UpdateApiKey: updateApiKey,
  DeleteApiKey: deleteApiKey,
  SetGroupPermissions: setGroupPermissions,
  SetResourcePermissions: setResourcePermissions,
  DeletePermissionGroup: deletePermissionGroup,
  CreateWebhook: createWebhook,
  UpdateWebhook: updateWebhook,
  DisableWebhook: disableWebhook,
  DeleteWebhook: deleteWebhook,
  RegisterNode: registerNode,
  UnregisterNode: unregisterNode,
  MarkNodeSilent: markNodeSilent,
  MarkNodeHeard: markNodeHeard,
  ReportTemplatePulled: reportTemplatePulled,
  ReportUnknownVMs: reportUnknownVms,
  ReportTemplateEvicted: reportTemplateEvicted,
  ReportTemplatePullProgress: reportTemplatePull,
  ReportTemplatePullFailed: reportTemplatePull,
  RunTimers: runTimers,
  SetPolicy: setPolicy,
  ReportVMPulling: judgeReport,
  ReportVMPulled: judgeReport,
  ReportVMStarted: judgeReport,
  ReportVMStartFailed: judgeReport,
  ReportVMRestarted: judgeReport,
  ReportVMStopped: judgeReport,
  ReportVMLost: judgeReport,
  ReportVMTerminated: judgeReport,
  ReportImageSaved: judgeSaveReport,
  ReportImageSaveFailed: judgeSaveReport,
};

/**
 * Decides the command. The facts that it emits are true at once; nothing is emitted when it is refused. One that nobody knows, of a
 * newer build perhaps, changes nothing.
 */
export function dispatch(turn: Turn, command: Command): Refusal | undefined {
  if (!Object.hasOwn(DECIDERS, command.type)) return undefined;
  return (DECIDERS[command.type] as Decider<CommandType>)(turn, command);
}
