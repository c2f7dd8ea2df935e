import { evolveAccess } from './access/evolve-access.js';
import { type Cluster, rememberOutcome } from './cluster.js';
import type { RecordedEvent } from './events.js';
import { evolveDistribution } from './distribution/evolve-distribution.js';
import { evolveGroup } from './group/evolve-group.js';
import { evolveMac } from './mac/evolve-mac.js';
import { evolveImage, isImageEvent } from './image/evolve-image.js';
import { evolveNode } from './node/evolve-node.js';
import { type Policy, wholePolicy } from './policy.js';
import { evolveTemplate } from './template/evolve-template.js';
import { evolveVm } from './vm/evolve-vm.js';
import { evolveWebhook } from './webhook/evolve-webhook.js';

/**
 * Folds one event into the cluster, in place. Total: no known event at any state makes it throw. Events must come in the order of
 * their sequence, without gaps in what matters; a repeated one is ignored.
 */
export function evolve(cluster: Cluster, recorded: RecordedEvent): void {
  if (recorded.sequence <= cluster.sequence) return;
  takeNote(cluster, recorded);
  const { event } = recorded;
  if (isImageEvent(event)) return evolveImage(cluster, recorded, event);
  if ('store' in event) return evolveAccess(cluster, event);
  if ('webhookId' in event) return evolveWebhook(cluster, event);
  switch (event.type) {
    case 'PolicyChanged':
      return takePolicy(cluster, event.policy);
    case 'CommandFailed':
    case 'CommandRefused':
      return;
    case 'NodeRegistered':
    case 'ConfigNode':
    case 'NodeOffline':
    case 'NodeOnline':
    case 'TemplatePulled':
    case 'TemplateEvicted':
    case 'NodeGroupsChanged':
    case 'NodeStrikesFaded':
    case 'UnknownVMsFound':
    case 'DeleteNode':
    case 'NodeUnregistered':
      return evolveNode(cluster, event, recorded.time);
    case 'DistributeTemplateToNodes':
    case 'DistributionProgressed':
    case 'DistributionRowEnded':
    case 'CancelDistribution':
    case 'DistributionAborted':
    case 'DistributionForgotten':
      return evolveDistribution(cluster, event, recorded.time);
    case 'CreateGroup':
    case 'UpdateGroup':
    case 'DeleteGroup':
      return evolveGroup(cluster, event);
    case 'FillMacPool':
    case 'PurgeMacPool':
      return evolveMac(cluster, event);
    case 'PushTemplate':
    case 'DeleteRegistryVm':
    case 'TemplateReverted':
    case 'SetTemplateArch':
    case 'RemoveTemplateFromNodes':
      return evolveTemplate(cluster, event);
    default:
      return evolveVm(cluster, recorded, event);
  }
}

/** How far the log is folded, and what came of its command. */
function takeNote(cluster: Cluster, recorded: RecordedEvent): void {
  cluster.sequence = recorded.sequence;
  cluster.time = recorded.time;
  if (recorded.event.type === 'CommandRefused') {
    // Not an outcome to be found again: the next time the rules may say yes.
    cluster.cause = { sequence: recorded.cause.sequence, events: 0 };
    return;
  }
  const sameCause = cluster.cause.sequence === recorded.cause.sequence;
  cluster.cause = { sequence: recorded.cause.sequence, events: sameCause ? cluster.cause.events + 1 : 1 };
  const failed = recorded.event.type === 'CommandFailed' ? recorded.event.message : undefined;
  rememberOutcome(cluster, recorded.cause.id, recorded.cause.sequence, recorded.sequence, failed);
}

function takePolicy(cluster: Cluster, given: Partial<Policy>): void {
  const { ageingMsPerPoint } = cluster.policy;
  cluster.policy = wholePolicy(given);
  if (cluster.policy.ageingMsPerPoint === ageingMsPerPoint) return;
  // Everybody who waits gets the place that the new rule gives.
  for (const id of [...cluster.pending]) {
    const vm = cluster.vms.get(id);
    if (vm === undefined) continue;
    cluster.pending.remove(vm);
    cluster.pending.add(vm, cluster.policy.ageingMsPerPoint);
  }
}
