import { type DesiredNode, nodeId, type RecordedEvent, type Report, vmId } from '#domain';
import type { CommandEnvelope } from '../envelope.js';
import type { Feed } from '../ports/feed.js';

export const SAMPLE_TIME = Date.UTC(2025, 2, 3, 4, 5, 6, 789);

/** The n-th event of a log, written by this writer. */
export function sampleEvent(sequence: number, writer = 'c'): RecordedEvent {
  return {
    sequence,
    id: `${writer}-${sequence}:0`,
    time: SAMPLE_TIME + sequence,
    cause: { sequence: sequence + 7, id: `${writer}-${sequence}`, actor: 'root', correlationId: `run-${sequence % 5}` },
    event: { type: 'VMScheduled', vmId: vmId(`vm-${sequence % 50}`), nodeId: nodeId('mac.mini-01'), attempt: 1 },
  };
}

export const sampleEvents = (from: number, count: number, writer?: string): RecordedEvent[] =>
  Array.from({ length: count }, (_, index) => sampleEvent(from + index, writer));

export function sampleCommand(id: string): CommandEnvelope {
  return {
    id,
    time: SAMPLE_TIME,
    actor: 'root',
    auth: 'root',
    address: '2001:db8::7',
    correlationId: `of-${id}`,
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    command: { type: 'TerminateVM', vmId: 'vm-1' },
  };
}

export function sampleReport(id: string, node: string): CommandEnvelope & { readonly command: Report } {
  const command: Report = { type: 'ReportVMLost', nodeId: node, vmId: 'vm-1', epoch: 12, message: 'gone' };
  return { id, time: SAMPLE_TIME, actor: `node/${node}`, correlationId: id, command };
}

export const sampleDesired = (asOf: number): DesiredNode => ({
  asOf,
  vms: [
    {
      vmId: 'vm-1',
      epoch: asOf,
      wish: 'present',
      started: false,
      restarts: 0,
      image: {
        templateId: 't',
        templateName: 'debian',
        tag: 'v1',
        version: 0,
        arch: 'amd64',
        disk: { digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 1 },
      },
      cpu: 1,
      memoryMiB: 256,
      forwards: [],
    },
  ],
});

/** Reads this many items and stops the feed. */
export async function take<T>(feed: Feed<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for await (const item of feed) {
    items.push(item);
    if (items.length === count) feed.stop();
  }
  return items;
}

/** Reads what comes until the feed is stopped or breaks. */
export function collect<T>(feed: Feed<T>): { readonly items: T[]; readonly end: Promise<unknown> } {
  const items: T[] = [];
  const read = async (): Promise<void> => {
    for await (const item of feed) items.push(item);
  };
  return { items, end: read().catch((error: unknown) => error) };
}

/** Waits until it is so. The test's own limit ends a wait that never does. */
export async function until(world: { pass(ms: number): Promise<void> }, isSo: () => boolean): Promise<void> {
  while (!isSo()) await world.pass(5);
}
