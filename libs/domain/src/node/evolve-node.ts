import { type Cluster, forgetNode, setNodeDue } from '../cluster.js';
import { nothingHeld } from './held.js';
import { forgive } from './strikes.js';
import { cacheKey, type Node } from './node.js';
import type { NodeEvent } from './node-events.js';

/** Folds one fact about a node. Total: a fact about an unknown node changes nothing. */
export function evolveNode(cluster: Cluster, event: NodeEvent, time: number): void {
  cluster.touched.add(event.nodeId);
  if (event.type === 'NodeRegistered') return register(cluster, event);
  const node = cluster.nodes.get(event.nodeId);
  if (node === undefined) return;
  switch (event.type) {
    case 'ConfigNode':
      node.facts = { ...node.facts, ...event.facts };
      node.config = { ...node.config, ...event.config };
      forgive(node);
      break;
    case 'NodeOffline':
      node.online = false;
      setNodeDue(cluster, node, lostAt(cluster, node, time));
      return cluster.finder.changed(node);
    case 'NodeOnline':
      node.online = true;
      setNodeDue(cluster, node, undefined);
      break;
    case 'NodeStrikesFaded':
      forgive(node);
      return cluster.finder.loadChanged(node);
    case 'TemplatePulled':
      node.cached.set(cacheKey(event.templateId, event.tag), { templateId: event.templateId, tag: event.tag });
      break;
    case 'TemplateEvicted':
      node.cached.delete(cacheKey(event.templateId, event.tag));
      node.removals.delete(cacheKey(event.templateId, event.tag));
      break;
    case 'NodeGroupsChanged':
      node.groups.clear();
      for (const id of event.groups) node.groups.add(id);
      break;
    case 'UnknownVMsFound':
      node.unknownVms = event.vms;
      break;
    case 'DeleteNode':
    case 'NodeUnregistered':
      node.deleted = true;
      setNodeDue(cluster, node, undefined);
      node.groups.clear();
      node.distributions.clear();
      node.removals.clear();
      if (node.vms.size === 0) return forgetNode(cluster, node);
      return cluster.finder.changed(node);
  }
  cluster.finder.changed(node);
  cluster.attention.opened.add(node.id);
}

function lostAt({ policy: { lostAfterMs } }: Cluster, node: Node, time: number): number | undefined {
  return lostAfterMs > 0 && node.vms.size > 0 ? time + lostAfterMs : undefined;
}

function register(cluster: Cluster, event: Extract<NodeEvent, { type: 'NodeRegistered' }>): void {
  const known = cluster.nodes.get(event.nodeId);
  const node: Node = known ?? {
    id: event.nodeId,
    ordinal: cluster.ordinals.take(),
    facts: event.facts,
    config: event.config,
    online: true,
    deleted: false,
    groups: new Set(),
    cached: new Map(),
    distributions: new Set(),
    removals: new Map(),
    vms: new Set(),
    pulls: new Map(),
    strikes: 0,
    releasing: 0,
    awaited: 0,
    used: { vms: 0, cpu: 0, memoryMiB: 0 },
    held: nothingHeld(),
  };
  node.facts = event.facts;
  node.config = event.config;
  node.online = true;
  setNodeDue(cluster, node, undefined);
  node.deleted = false;
  node.unknownVms = event.unknownVms;
  forgive(node);
  node.cached.clear();
  for (const template of event.cached) node.cached.set(cacheKey(template.templateId, template.tag), template);
  for (const key of node.removals.keys()) if (!node.cached.has(key)) node.removals.delete(key);
  cluster.nodes.set(node.id, node);
  cluster.finder.changed(node);
  cluster.attention.opened.add(node.id);
}
