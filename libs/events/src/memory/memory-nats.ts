import type { Clock } from '../ports/clock.js';
import { SINGLE_USE_KEPT_MS } from '../ports/single-use.js';
import { COMMAND_WINDOW_MS, EVENT_WINDOW_MS } from '../wire/duplicate-windows.js';
import { MemoryBucket } from './memory-bucket.js';
import { MemoryLink } from './memory-link.js';
import { MemoryStream } from './memory-stream.js';
import { type Network, perfectNetwork } from './network.js';

/** How long a lease lasts without being renewed, ms, unless told otherwise. */
export const LEASE_TTL_MS = 2000;

export interface MemoryNatsOptions {
  readonly network?: Network;
  readonly leaseTtlMs?: number;
  readonly singleUseKeptMs?: number;
}

/** A NATS server with JetStream, as far as Muster uses it, inside the process. Clients reach it through links only. */
export class MemoryNats {
  readonly commands: MemoryStream;
  readonly events: MemoryStream;
  readonly desired: MemoryBucket;
  readonly lease: MemoryBucket;
  readonly bookmarks: MemoryBucket;
  readonly leaseTtlMs: number;
  /** Under its name what was stored for a remnant of the log. */
  readonly drafts = new Map<string, MemoryStream>();
  readonly remnant: MemoryBucket;
  readonly singleUse: MemoryBucket;
  readonly singleUseKeptMs: number;
  readonly network: Network;
  readonly incarnation: string;
  private readonly links = new Set<MemoryLink>();
  private readonly subscribers = new Map<string, Set<Subscriber>>();
  private connections = 0;
  private down = false;

  constructor(
    readonly clock: Clock,
    options: MemoryNatsOptions = {},
  ) {
    const { network = perfectNetwork, leaseTtlMs = LEASE_TTL_MS, singleUseKeptMs = SINGLE_USE_KEPT_MS } = options;
    this.network = network;
    this.leaseTtlMs = leaseTtlMs;
    this.incarnation = new Date(clock.now()).toISOString();
    this.commands = new MemoryStream(clock, COMMAND_WINDOW_MS);
    this.events = new MemoryStream(clock, EVENT_WINDOW_MS);
    this.desired = new MemoryBucket(clock);
    this.lease = new MemoryBucket(clock, leaseTtlMs);
    this.bookmarks = new MemoryBucket(clock);
    this.remnant = new MemoryBucket(clock);
    this.singleUseKeptMs = singleUseKeptMs;
    this.singleUse = new MemoryBucket(clock, singleUseKeptMs);
  }

  /** A connection of its own for one process. */
  connect(client: string): MemoryLink {
    const link = new MemoryLink(this, client, `${client}-${this.connections++}`);
    this.links.add(link);
    return link;
  }

  get isUp(): boolean {
    return !this.down;
  }

  /** Kills the server. What it stored stays; nothing reaches it. */
  stop(): void {
    this.down = true;
  }

  start(): void {
    this.down = false;
    for (const link of this.links) link.restored();
  }

  /** Part of the links' protocol: core publish and subscribe. */
  spread(subject: string, text: string, replyTo?: string): void {
    const above = subject.slice(0, subject.lastIndexOf('.') + 1);
    for (const { link, onText } of [...(this.subscribers.get(subject) ?? []), ...(this.subscribers.get(above) ?? [])]) {
      link.carry({ direction: 'to-client', kind: 'core', subject }, () => onText(text, subject, replyTo));
    }
  }

  subscribe(subject: string, subscriber: Subscriber): () => void {
    const all = this.subscribers.get(subject) ?? new Set();
    this.subscribers.set(subject, all.add(subscriber));
    return () => {
      all.delete(subscriber);
      if (all.size === 0) this.subscribers.delete(subject);
    };
  }

  forget(link: MemoryLink): void {
    this.links.delete(link);
  }
}

interface Subscriber {
  readonly link: MemoryLink;
  readonly onText: (text: string, subject: string, replyTo?: string) => void;
}
