import type { NodeEvent, RecordedEvent, TemplateEvent, VmEvent } from '#domain';
import { type LoggedEvent, type Noun, nounOfEvent } from '#events';
import { foldNode } from './fold-node.js';
import { foldTemplate } from './fold-template.js';
import { foldVm } from './fold-vm.js';
import type { RowCache } from './row-cache.js';
import { type Changes, type Ids, type Kind, KINDS, type RowOf } from './step.js';

/**
 * Ids of the rows that the events are folded into. A VM that begins in this batch is not among them: its StartVM event is only ever
 * recorded when there is no such VM.
 */
export function idsOf(events: readonly LoggedEvent[]): Ids {
  const ids = { vm: new Set<string>(), node: new Set<string>(), template: new Set<string>() };
  const begun = new Set<string>();
  for (const { recorded } of events) {
    if (recorded === undefined) continue;
    const { noun, id } = nounOfEvent(recorded.event);
    if (!isKind(noun)) continue;
    if (recorded.event.type === 'StartVM' && !ids.vm.has(id)) begun.add(id);
    if (noun !== 'vm' || !begun.has(id)) ids[noun].add(id);
  }
  return { vm: [...ids.vm], node: [...ids.node], template: [...ids.template] };
}

const isKind = (noun: Noun): noun is Kind => (KINDS as readonly string[]).includes(noun);

/** Folds events, in the order of the log, over the rows in the cache. The cache does not change: the step may still fail. */
export function foldBatch(events: readonly LoggedEvent[], cache: RowCache): Changes {
  const changes = {
    vm: new Map<string, RowOf['vm'] | undefined>(),
    node: new Map<string, RowOf['node'] | undefined>(),
    template: new Map<string, RowOf['template'] | undefined>(),
  };
  const vmNow = (id: string) => (changes.vm.has(id) ? changes.vm.get(id) : cache.get('vm', id));
  const nodeNow = (id: string) => (changes.node.has(id) ? changes.node.get(id) : cache.get('node', id));
  const templateNow = (id: string) => (changes.template.has(id) ? changes.template.get(id) : cache.get('template', id));
  for (const { recorded } of events) {
    if (recorded === undefined) continue;
    const { noun, id } = nounOfEvent(recorded.event);
    if (noun === 'vm') changes.vm.set(id, foldVm(vmNow(id), recorded, eventOf<VmEvent>(recorded)));
    if (noun === 'node') changes.node.set(id, foldNode(nodeNow(id), recorded, eventOf<NodeEvent>(recorded)));
    if (noun === 'template')
      changes.template.set(id, foldTemplate(templateNow(id), recorded, eventOf<TemplateEvent>(recorded)));
  }
  return changes;
}

/** The catalogue has said of which noun the event is. */
const eventOf = <E extends RecordedEvent['event']>(recorded: RecordedEvent): E => recorded.event as E;
