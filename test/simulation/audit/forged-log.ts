import type { CloudEvent } from '#events';
import { auditEnds } from './end-audit.js';
import { LogAudit } from './log-audit.js';

/** Events forged for specs of the auditor: honest ones and others, each following the one made before. */
let sequence = 0;

export const event = (type: string, subject: string, data: Record<string, unknown> = {}): CloudEvent => ({
  specversion: '1.0',
  id: `e${++sequence}`,
  source: '/spec',
  type,
  subject,
  time: new Date(sequence).toISOString(),
  datacontenttype: 'application/json',
  data,
  correlationid: 'c',
  actor: 'spec',
  sequence,
  commandsequence: sequence,
});
export const vm = (name: string, data?: Record<string, unknown>, id = 'v1') => event(`muster.vm.${name}`, id, data);
export const node = (capacity: number, id = 'n1') => event('muster.node.NodeRegistered', id, { config: { capacity } });
export const change = (name: string, data?: Record<string, unknown>, id = 'n1') =>
  event(`muster.node.${name}`, id, data);
export const start = (id = 'v1', priority = 1000, more: Record<string, unknown> = {}) =>
  vm('StartVM', { request: { templateId: 't', priority }, cpu: 4, memoryMiB: 4096, ...more }, id);
export const place = (id = 'v1', nodeId = 'n1') => vm('VMScheduled', { nodeId }, id);
export const seated = () => [node(1), start(), place()];
export const resources = (config: Record<string, unknown> = {}) =>
  change('NodeRegistered', {
    facts: { arch: 'amd64', cpuCount: 3, memoryMiB: 10_240 },
    config: { capacityMode: 'resource', capacity: 0, vcpuOverride: 0, memoryMiBOverride: 0, ...config },
  });

export const group = (name: string, id = 'g', data: Record<string, unknown> = {}) =>
  event(`muster.group.${name}`, id, data);
export const joins = (groups: string[], id = 'n1') => change('NodeGroupsChanged', { groups }, id);
export const startIn = (groupId: string, id = 'v1') =>
  start(id, 1000, { request: { templateId: 't', priority: 1000, groupId } });
export const fallsBack = () => [group('CreateGroup', 'h'), group('CreateGroup', 'g', { fallbackGroupId: 'h' })];
export const image = { templateId: 't', tag: 'v1' };
export const distribute = (rows: Record<string, unknown>) =>
  event('muster.distribution.DistributeTemplateToNodes', 'd', { ...image, ...rows });
export const tells = (name: string, data: Record<string, unknown> = {}) =>
  event(`muster.distribution.${name}`, 'd', data);
export const rowEnds = (data: Record<string, unknown> = {}) => tells('DistributionRowEnded', { nodeId: 'n1', ...data });
export const distributing = () => [node(1), distribute({ nodeIds: ['n1'] })];
export const pulled = () => change('TemplatePulled', image);

export const policy = (ageingMsPerPoint: number) =>
  event('muster.cluster.PolicyChanged', 'cluster', { policy: { ageingMsPerPoint } });
export const defer = (forMs: number) => {
  const deferred = vm('VMDeferred', { nodeId: 'n1' });
  return { ...deferred, data: { ...deferred.data, until: Date.parse(deferred.time) + forMs } };
};

export function read(events: CloudEvent[]): LogAudit {
  const audit = new LogAudit();
  for (const each of events) audit.read(each);
  return audit;
}

export const breaches = (events: CloudEvent[]): string => read(events).breaches.join('\n');

/** The next event is the first of a log. */
export function newLog(): void {
  sequence = 0;
}

/** What the auditor finds when the log ends there. */
export const ends = (events: CloudEvent[]): string => {
  const audit = read(events);
  auditEnds(audit);
  return audit.breaches.join('\n');
};
