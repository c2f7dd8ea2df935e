import { EVENTS_STREAM } from '#events';
import { JetStreamEventLog, type NatsLink } from '#events/jetstream';
import { SupervisedFeed } from '../../../libs/events/src/jetstream/supervised-feed.jetstream.js';
import { indexOfVm } from './c2m-client.js';
import { capacityOf, type FleetSize } from './c2m-size.js';

/** The life of a VM in this bench: these events, once each, in this order. */
const STORY = ['StartVM', 'VMScheduled', 'VMStarted'];
/** Real agents pull the template when the first VM comes. */
const ASIDES = ['VMPulling', 'VMPulled'];
const NODE = '"nodeId":"';

export interface Audit {
  readonly events: number;
  /** On the stream's clock, unix ms. */
  readonly lastStartedAt: number;
  /** What is not as it must be; empty when all is well. */
  readonly wrong: readonly string[];
}

/** Reads the whole log, as anybody could, and says whether every VM was started exactly once on a node that had room for it. */
export async function auditLog(link: NatsLink, size: FleetSize): Promise<Audit> {
  const last = await new JetStreamEventLog(link).lastSequence();
  const steps = new Uint8Array(size.vms);
  const load = new Map<string, number>();
  const wrong: string[] = [];
  let lastStartedAt = 0;
  const feed = new SupervisedFeed(link, { stream: EVENTS_STREAM, from: 1 }, (delivery) => delivery);
  for await (const delivery of feed) {
    const [, , noun, id = '', type = ''] = delivery.subject.split('.');
    if (noun === 'vm' && !ASIDES.includes(type)) {
      const index = indexOfVm(id);
      const step = steps[index] ?? STORY.length;
      if (STORY[step] !== type) wrong.push(`VM ${index}: ${type} where ${STORY[step] ?? 'nothing'} is due`);
      else steps[index] = step + 1;
      if (type === 'VMStarted') lastStartedAt = delivery.time;
      if (type === 'VMScheduled') seat(load, delivery.text);
    }
    if (delivery.sequence >= last) feed.stop();
  }
  const unfinished = steps.filter((step) => step < STORY.length).length;
  if (unfinished > 0) wrong.push(`${unfinished} VMs did not start`);
  for (const [node, vms] of load) if (vms > capacityOf(size)) wrong.push(`${node} holds ${vms} VMs`);
  return { events: last, lastStartedAt, wrong };
}

function seat(load: Map<string, number>, text: string): void {
  const at = text.indexOf(NODE) + NODE.length;
  const node = text.slice(at, text.indexOf('"', at));
  load.set(node, (load.get(node) ?? 0) + 1);
}
