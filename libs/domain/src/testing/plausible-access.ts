import type { AccessStore, ApiKey, Grantee, ResourceGrant } from '../access/access.js';
import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { Dice } from './dice.js';
import { allow, allowOn, apiKey, disallow } from './samples.js';

const KEYS = ['k1', 'k2', 'a key: "ü"'];
const GRANTEES: readonly Grantee[] = [
  { kind: 'group', name: 'ci' },
  { kind: 'user', name: 'ci' },
  { kind: 'group', name: 'Dev > *.x' },
];
const LIVES_MS = [3_600_000, 200, 5_000, 0];

/** Keys come, change, go and expire; groups and users may do this and that. */
export function plausibleAccess(dice: Dice, cluster: Cluster): Command {
  return dice.weighted(TABLE)(dice, cluster);
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [4, create],
  [2, update],
  [2, (dice, cluster) => ({ type: 'DeleteApiKey', ...knownKey(dice, cluster) })],
  [2, (dice) => ({ ...allow(...someGrantee(dice, somePermissions(dice))), store: someStore(dice) })],
  [2, (dice) => allowOn(...someGrantee(dice, someResources(dice)))],
  [1, (dice) => disallow(...ends(someGrantee(dice, [])))],
];

const someKey = (dice: Dice): string => dice.pick(KEYS) ?? '';
const someStore = (dice: Dice): AccessStore => (dice.onceIn(6) ? 'registry' : 'controller');

/** A key that is there, in most cases. */
function knownKey(dice: Dice, { apiKeys }: Cluster): Pick<ApiKey, 'store' | 'keyId'> {
  const known = [...apiKeys.values()].map(({ store, keyId }) => ({ store, keyId }));
  const key = dice.onceIn(6) ? undefined : dice.pick(known);
  return key ?? { store: someStore(dice), keyId: someKey(dice) };
}

const expiry = (dice: Dice, { time }: Cluster): number => time + (dice.pick(LIVES_MS) ?? 0);
const somePermissions = (dice: Dice): string[] => ['list_vms', 'start_vm', 'list_vms'].slice(0, dice.below(4));

function create(dice: Dice, cluster: Cluster): Command {
  return apiKey(someKey(dice), expiry(dice, cluster), { store: someStore(dice), groups: dice.onceIn(2) ? ['ci'] : [] });
}

function update(dice: Dice, cluster: Cluster): Command {
  const key = knownKey(dice, cluster);
  return dice.onceIn(2)
    ? { type: 'UpdateApiKey', ...key, groups: ['ops', 'ci'].slice(0, dice.below(3)) }
    : { type: 'UpdateApiKey', ...key, expiresAt: expiry(dice, cluster) };
}

function someGrantee<T>(dice: Dice, what: T): [string, T, Grantee['kind']] {
  const { kind, name } = dice.pick(GRANTEES) ?? { kind: 'group', name: '' };
  return [name, what, kind];
}

const ends = ([name, , kind]: [string, unknown, Grantee['kind']]): [string, Grantee['kind']] => [name, kind];

function someResources(dice: Dice): ResourceGrant[] {
  const all: ResourceGrant[] = [
    { id: 'n1', type: 'node', permissions: ['list', 'remove'] },
    { id: 't-amd', type: 'template', permissions: ['pull'] },
    { id: 'n1', type: 'node', permissions: ['distribute', 'list'] },
    { id: 'n2', type: 'node', permissions: [] },
  ];
  return all.slice(dice.below(2), dice.below(5));
}
