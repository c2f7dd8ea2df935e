import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { WebhookId } from '../ids.js';
import type { Dice } from './dice.js';
import { changeHook, deleteHook, disableHook, hook } from './samples.js';

const HOOKS = ['w1', 'w2', 'w3'];

/** Endpoints come, change, fail and go. */
export function plausibleWebhook(dice: Dice, cluster: Cluster): Command {
  return dice.weighted(TABLE)(dice, cluster);
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [3, (dice) => hook(dice.pick(HOOKS) ?? '')],
  [4, change],
  [2, (dice, cluster) => disableHook(known(dice, cluster), 'answered 500 for three days')],
  [1, (dice, cluster) => deleteHook(known(dice, cluster))],
];

/** One that is there, in most cases. */
function known(dice: Dice, { webhooks }: Cluster): string {
  const there = dice.onceIn(6) ? undefined : dice.pick<string>([...webhooks.keys()]);
  return there ?? dice.pick(HOOKS) ?? '';
}

function change(dice: Dice, cluster: Cluster): Command {
  const webhookId = known(dice, cluster);
  const { version, enabled } = cluster.webhooks.get(webhookId as WebhookId) ?? { version: 1, enabled: true };
  return changeHook(webhookId, {
    changed: ['url', 'headers', 'url'].slice(0, dice.below(4)),
    ...(dice.onceIn(3) && { name: `hook ${dice.below(3)}` }),
    ...((!enabled || dice.onceIn(2)) && { enabled: !enabled || dice.onceIn(2) }),
    ...(dice.onceIn(3) && { expected: version - dice.below(2) }),
  });
}
