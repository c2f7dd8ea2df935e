import type { Command } from '../commands.js';
import type { NodeFacts } from '../node/node.js';
import type { VmRequest } from '../vm/vm.js';
import type { Dice } from './dice.js';

/** What a node says that it has, so little of each that VMs have to wait for it. */
export function plausibleOffers(dice: Dice): Partial<NodeFacts> {
  return {
    ...(dice.onceIn(6) && { licence: dice.pick(['valid', 'invalid'] as const) ?? 'valid' }),
    ...(dice.onceIn(3) && { os: 'darwin' }),
    // Templates are of 1 KiB each.
    ...(dice.onceIn(3) && { diskBytes: 1024 * (1 + dice.below(4)) }),
    ...(!dice.onceIn(3) && {
      usbDevices: [
        { id: 'u1', group: 'phone' },
        { id: 'u2', group: 'phone' },
      ].slice(dice.below(2)),
      labels: { rack: dice.pick(['a', 'b']) ?? '' },
      resources: { gpu: dice.below(4) },
      vlans: ['blue'],
    }),
  };
}

/** What a VM asks for beyond room: mostly one thing, sometimes several. */
export function plausibleClaims(dice: Dice): Partial<VmRequest> {
  const claims: readonly Partial<VmRequest>[] = [
    { usbDevice: dice.pick(['phone', 'u1', 'u2']) ?? '' },
    { labels: { rack: dice.pick(['a', 'b']) ?? '' } },
    { resources: { gpu: 1 + dice.below(2) } },
    { nodeTag: 'fast' },
    { nodeTag: 'fast', nodeTagRequired: true },
    { macAddress: dice.pick(['0A:00:00:00:00:01', '0a:00:00:00:00:01', '0a:00:00:00:00:02']) ?? '' },
    { vlan: dice.pick(['blue', 'red']) ?? '' },
  ];
  const chosen = dice.below(claims.length);
  return { ...claims[chosen], ...(dice.onceIn(4) && claims[(chosen + 2) % claims.length]) };
}

/** A pool of so few addresses, in part those that VMs ask for themselves, that it runs dry. */
export function plausibleMacCommand(dice: Dice): Command {
  if (dice.onceIn(3)) return { type: 'PurgeMacPool' };
  const [from, to] = [dice.below(4), dice.below(6)];
  return { type: 'FillMacPool', from: `0a:00:00:00:00:0${from}`, to: `0A:00:00:00:00:0${to}` };
}
