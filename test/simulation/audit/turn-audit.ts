import type { CloudEvent } from '#events';
import { Heap } from '#domain';
import type { LawBook } from './law-book.js';
import {
  type Accepted,
  isEarlier,
  orderKey,
  type OrderKey,
  priorityIn,
  USUAL_AGEING_MS_PER_POINT,
} from './order-key.js';

interface Waiting extends OrderKey {
  readonly vmId: string;
}

/** The longest that a VM lets others go first, ms, where the policy does not say. */
const USUAL_DEFERRAL_MS = 5000;

/** Fields of a request that say nothing about where the VM may go. */
const WORDS = new Set(['priority', 'name', 'externalId', 'metadata', 'nameTemplate', 'script', 'passthrough']);

/**
 * Watches the queue: among VMs of one kind (the same image, size and constraints) whoever has the smaller key is placed first. So nobody
 * waits longer than the keys allow, whatever arrives behind.
 */
export class TurnAudit {
  private readonly kinds = new Map<string, string>();
  private readonly accepted = new Map<string, Accepted>();
  private readonly places = new Map<string, Waiting>();
  private readonly lines = new Map<string, Heap<Waiting>>();
  private readonly waiting = new Set<string>();
  private readonly deferred = new Set<string>();
  private policy = { ageingMsPerPoint: USUAL_AGEING_MS_PER_POINT, cachedNodeWaitMs: USUAL_DEFERRAL_MS };

  constructor(private readonly laws: LawBook) {}

  read(type: string, { subject: vmId, data, sequence = 0, time }: CloudEvent): void {
    if (type === 'StartVM') return this.accept(vmId, data, sequence, Date.parse(time));
    if (type === 'VMScheduled') return this.serve(vmId, sequence);
    if (type === 'VMStartAttemptFailed') this.deferred.delete(vmId);
    if (type === 'VMStartAttemptFailed' || type === 'VMDeferralEnded') return this.join(vmId);
    if (type === 'VMDeferred') return this.defer(vmId, Number(data['until']) - Date.parse(time), sequence);
    if (type === 'VMFailedToStart' || type === 'TerminateVM' || type === 'VMTerminated') this.waiting.delete(vmId);
    if (type === 'VMRemoved') this.forget(vmId);
  }

  /** Everybody who waits gets the place that the new policy gives. */
  changePolicy(policy: Readonly<Record<string, unknown>>): void {
    const of = (field: string, usual: number): number => (typeof policy[field] === 'number' ? policy[field] : usual);
    this.policy = {
      ageingMsPerPoint: of('ageingMsPerPoint', USUAL_AGEING_MS_PER_POINT),
      cachedNodeWaitMs: of('cachedNodeWaitMs', USUAL_DEFERRAL_MS),
    };
    this.lines.clear();
    for (const vmId of this.waiting) this.join(vmId);
  }

  private accept(vmId: string, data: CloudEvent['data'], sequence: number, time: number): void {
    const request = (data['request'] ?? {}) as Record<string, unknown>;
    this.kinds.set(vmId, kindOf(data, request));
    this.accepted.set(vmId, { sequence, time, priority: priorityIn(request) });
    this.join(vmId);
  }

  private join(vmId: string): void {
    const [kind, accepted] = [this.kinds.get(vmId), this.accepted.get(vmId)];
    if (kind === undefined || accepted === undefined) return;
    const place = { vmId, ...orderKey(accepted, this.policy.ageingMsPerPoint) };
    this.places.set(vmId, place);
    const line = this.lines.get(kind) ?? new Heap<Waiting>(isEarlier);
    this.lines.set(kind, line);
    line.add(place);
    this.waiting.add(vmId);
  }

  /** It lets others go before it, for its own good: once in a wait, and for a moment. */
  private defer(vmId: string, forMs: number, sequence: number): void {
    const holds = !this.deferred.has(vmId) && forMs <= this.policy.cachedNodeWaitMs;
    this.laws.expect(
      'a VM lets others go first once, for a moment',
      holds,
      () => `VMDeferred of ${vmId} at ${sequence}: for ${forMs} ms, or not for the first time`,
    );
    this.deferred.add(vmId);
    this.waiting.delete(vmId);
  }

  private serve(vmId: string, sequence: number): void {
    const line = this.lines.get(this.kinds.get(vmId) ?? '');
    const place = this.places.get(vmId);
    this.waiting.delete(vmId);
    if (line === undefined || place === undefined) return;
    while (line.first !== undefined && !this.waiting.has(line.first.vmId)) line.take();
    const first = line.first;
    this.laws.expect(
      'nobody is overtaken by one of the same kind',
      first === undefined || !isEarlier(first, place),
      () => `VMScheduled of ${vmId} at ${sequence}: ${first?.vmId} of the same kind came first and still waits`,
    );
  }

  private forget(vmId: string): void {
    this.kinds.delete(vmId);
    this.accepted.delete(vmId);
    this.deferred.delete(vmId);
    this.places.delete(vmId);
    this.waiting.delete(vmId);
  }
}

function kindOf(data: CloudEvent['data'], request: Readonly<Record<string, unknown>>): string {
  const image = (data['image'] ?? {}) as Record<string, unknown>;
  const constraints = Object.entries(request).filter(([field]) => !WORDS.has(field) && field !== 'tag');
  return JSON.stringify([image['templateId'], image['tag'], data['cpu'], data['memoryMiB'], constraints.sort()]);
}
