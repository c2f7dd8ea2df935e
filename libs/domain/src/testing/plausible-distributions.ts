import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { Dice } from './dice.js';
import { plausibleGroupId } from './plausible-groups.js';
import { cancel, distribute, evicted, has, progressed, pullFailed, removeTemplate } from './samples.js';

const NODES = ['n1', 'n2', 'n3', 'n4'];
const TEMPLATES = ['t-amd', 't-arm', 't-big'];
const IDS = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6'];

/** Distributions come, go on and are cancelled; templates leave caches. */
export function plausibleDistribution(dice: Dice, cluster: Cluster): Command {
  return dice.weighted(TABLE)(dice, cluster);
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [4, begin],
  [2, pulled],
  [3, (dice, cluster) => progressed(...someRow(dice, cluster), dice.below(12) / 10)],
  [2, (dice, cluster) => pullFailed(...someRow(dice, cluster))],
  [1, (dice, cluster) => cancel(someId(dice, cluster))],
  [2, remove],
  [3, evict],
];

function begin(dice: Dice, cluster: Cluster): Command {
  const free = IDS.filter((id) => !cluster.distributions.has(id as never));
  const id = (dice.onceIn(8) ? dice.pick(IDS) : dice.pick(free)) ?? 'd1';
  const to = dice.below(4);
  const known: string[] = [...cluster.nodes.keys()];
  return distribute(id, someTemplate(dice, cluster), {
    ...(dice.onceIn(4) && { tag: dice.pick(['v1', 'v2']) ?? '' }),
    ...(to === 1 && { nodeIds: dice.onceIn(8) ? NODES : known.slice(0, 2) }),
    ...(to === 2 && { groupId: plausibleGroupId(dice, cluster) }),
  });
}

function pulled(dice: Dice, cluster: Cluster): Command {
  const [nodeId, id] = someRow(dice, cluster);
  const distribution = cluster.distributions.get(id as never);
  return has(nodeId, distribution?.templateId ?? 't-amd', distribution?.tag);
}

function remove(dice: Dice, cluster: Cluster): Command {
  return removeTemplate(someTemplate(dice, cluster), {
    ...(dice.onceIn(2) && { tag: dice.pick(['v1', 'v2']) ?? '' }),
    ...(dice.onceIn(3) && { nodeIds: [dice.pick([...cluster.nodes.keys(), ...NODES]) ?? ''] }),
  });
}

/** What a node was told to remove, or, by chance, anything else. */
function evict(dice: Dice, cluster: Cluster): Command {
  const wished = [...cluster.nodes.values()].flatMap((node) =>
    [...(dice.onceIn(4) ? node.cached : node.removals).values()].map((cached) => ({ nodeId: node.id, ...cached })),
  );
  const chosen = dice.pick(wished) ?? { nodeId: 'n1', templateId: 't-amd', tag: 'v1' };
  return evicted(chosen.nodeId, chosen.templateId, chosen.tag);
}

function someTemplate(dice: Dice, cluster: Cluster): string {
  const known: string[] = [...cluster.templates.keys()];
  return dice.pick(dice.onceIn(10) || known.length === 0 ? TEMPLATES : known) ?? '';
}

function someId(dice: Dice, cluster: Cluster): string {
  const known: string[] = [...cluster.distributions.keys()];
  return dice.pick(dice.onceIn(10) || known.length === 0 ? IDS : known) ?? '';
}

/** A part that has not ended, in most cases. */
function someRow(dice: Dice, cluster: Cluster): [nodeId: string, distributionId: string] {
  const open = [...cluster.nodes.values()].flatMap((node) =>
    [...node.distributions].map((id): [string, string] => [node.id, id]),
  );
  const row = dice.onceIn(10) ? undefined : dice.pick(open);
  return row ?? [dice.pick(NODES) ?? '', someId(dice, cluster)];
}
