import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { Dice } from './dice.js';
import { addTo, deleteGroup, group, removeFrom } from './samples.js';

const GROUPS = ['g1', 'g2', 'g3'];
const NODES = ['n1', 'n2', 'n3', 'n4'];

/** A group that is there, in most cases. */
export function plausibleGroupId(dice: Dice, cluster: Cluster): string {
  const known: string[] = [...cluster.groups.keys()];
  return dice.onceIn(8) || known.length === 0 ? (dice.pick(GROUPS) ?? '') : (dice.pick(known) ?? '');
}

/** Groups come and go, get fallbacks, and nodes join and leave them. */
export function plausibleGroupCommand(dice: Dice, cluster: Cluster): Command {
  return dice.weighted(TABLE)(dice, cluster);
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [3, create],
  [4, (dice, cluster) => addTo([plausibleGroupId(dice, cluster)], someNodes(dice, cluster))],
  [2, updateSome],
  [1, (dice, cluster) => removeFrom([plausibleGroupId(dice, cluster)], someNodes(dice, cluster))],
  [1, (dice, cluster) => deleteGroup(plausibleGroupId(dice, cluster))],
];

function create(dice: Dice, cluster: Cluster): Command {
  const fallbackGroupId = plausibleGroupId(dice, cluster);
  return group(dice.pick(GROUPS) ?? '', dice.onceIn(3) ? { fallbackGroupId } : {});
}

function updateSome(dice: Dice, cluster: Cluster): Command {
  const groupId = plausibleGroupId(dice, cluster);
  if (dice.onceIn(4)) return { type: 'UpdateGroup', groupId, name: `name ${dice.below(3)}` };
  return { type: 'UpdateGroup', groupId, fallbackGroupId: dice.onceIn(4) ? null : (dice.pick(GROUPS) ?? null) };
}

function someNodes(dice: Dice, cluster: Cluster): string[] {
  const known: string[] = [...cluster.nodes.keys()];
  if (dice.onceIn(8) || known.length === 0) return [dice.pick(NODES) ?? ''];
  const from = dice.below(known.length);
  return known.slice(from, from + 1 + dice.below(3));
}
