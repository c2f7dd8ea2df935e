import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { ImageCommand } from '../image/image-events.js';
import { placementOf } from '../vm/vm.js';
import type { Dice } from './dice.js';
import { plausibleReport } from './plausible-reports.js';
import { blob, revertTo, save, scriptResult } from './samples.js';

const TEMPLATES = ['t-amd', 't-arm', 't-big'];
const IDS = ['s1', 's2', 's3', 's4'];
const TAGS = ['v1', 'v2', 'v3', 'v4'];

/** VMs are saved, nodes tell how that ended, and versions are taken back. */
export function plausibleSave(dice: Dice, cluster: Cluster): Command {
  return dice.weighted(TABLE)(dice, cluster);
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [14, begin],
  [18, tell],
  [1, revert],
  [1, setArch],
];

function setArch(dice: Dice): Command {
  const templateId = someTemplate(dice);
  const isArm = (templateId === 't-arm') !== dice.onceIn(4);
  return { type: 'SetTemplateArch', templateId, arch: isArm ? 'arm64' : 'amd64' };
}

const someTemplate = (dice: Dice): string => dice.pick(TEMPLATES) ?? '';

function begin(dice: Dice, cluster: Cluster): Command {
  const running = [...cluster.vms.values()].filter(({ phase }) => phase.name === 'running');
  if (running.length === 0 && !dice.onceIn(6)) return plausibleReport(dice, cluster);
  const vm = dice.pick(dice.onceIn(8) ? [...cluster.vms.values()] : running);
  const free = IDS.filter((id) => !cluster.saves.has(id as never));
  const requestId = (dice.onceIn(4) ? dice.pick([...cluster.saves.keys(), ...IDS]) : dice.pick(free)) ?? 's1';
  const templateId = dice.onceIn(4) ? someTemplate(dice) : (vm?.image.templateId ?? 't-amd');
  return save(requestId, vm?.id ?? 'vm-0', {
    target: dice.onceIn(5) ? { newTemplateId: `new-${dice.below(2)}`, newTemplateName: 'new' } : { templateId },
    tag: dice.pick(TAGS) ?? '',
    ...(dice.onceIn(3) && ({ revertBeforePush: true } satisfies Partial<ImageCommand>)),
    ...(dice.onceIn(2) && { revertTag: dice.pick(TAGS) ?? '' }),
    ...(dice.onceIn(4) && { script: blob('script') }),
  });
}

/** Of a VM that is held, in most cases in its turn and under its epoch. */
function tell(dice: Dice, cluster: Cluster): Command {
  const all = [...cluster.saves.values()];
  const working = all.filter(({ state }) => state === 'working');
  const told = dice.pick(dice.onceIn(8) || working.length === 0 ? all : working);
  const vm = told && cluster.vms.get(told.vmId);
  const seat = vm && placementOf(vm);
  const at = {
    nodeId: seat?.nodeId ?? 'n1',
    vmId: told?.vmId ?? 'vm-0',
    epoch: (seat?.epoch ?? 0) + (dice.onceIn(12) ? 1 : 0),
    requestId: told?.id ?? 's1',
    ...(dice.onceIn(4) && { scriptResult: scriptResult() }),
  };
  if (dice.onceIn(3)) return { type: 'ReportImageSaveFailed', ...at, error: 'disk full' };
  const disk = dice.onceIn(20) ? { digest: 'none', sizeBytes: 0 } : blob(`layer ${dice.below(1000)}`);
  return { type: 'ReportImageSaved', ...at, disk };
}

function revert(dice: Dice, cluster: Cluster): Command {
  const known: string[] = [...cluster.templates.keys()];
  const templateId = dice.onceIn(8) ? someTemplate(dice) : (dice.pick(known) ?? 't-amd');
  if (dice.onceIn(2)) return revertTo(templateId, { tag: dice.pick(TAGS) ?? '' });
  return revertTo(templateId, dice.onceIn(3) ? { version: dice.below(3) } : {});
}
