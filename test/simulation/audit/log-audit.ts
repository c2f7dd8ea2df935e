import type { CloudEvent } from '#events';

/** What the auditor believes of one VM, from the events alone. */
interface Story {
  accepted: boolean;
  node: string | undefined;
  announced: boolean;
  terminateAsked: boolean;
  /** Its start failed, or it was lost. */
  failed: boolean;
  ended: boolean;
  removed: boolean;
  attempts: number;
}

/**
 * Reads the log as an accountant reads books: it shares no code with the domain, and knows only what the laws say. Collects every
 * breach instead of stopping at the first.
 */
export class LogAudit {
  readonly breaches: string[] = [];
  readonly stories = new Map<string, Story>();
  private readonly seats = new Map<string, Set<string>>();
  private readonly capacity = new Map<string, number>();
  private readonly ids = new Set<string>();
  private last = { sequence: 0, command: 0, time: 0 };

  /** VMs that hold a seat on the node, by the books. */
  seatsOf(nodeId: string): ReadonlySet<string> {
    return this.seats.get(nodeId) ?? new Set();
  }

  /** Room that is left on all nodes together. */
  freeSeats(): number {
    return [...this.capacity].reduce((free, [nodeId, limit]) => free + limit - this.seatsOf(nodeId).size, 0);
  }

  read(event: CloudEvent): void {
    this.checkOrder(event);
    const type = event.type.slice(event.type.lastIndexOf('.') + 1);
    if (event.type.startsWith('muster.vm.')) this.readVm(type, event);
    if (event.type.startsWith('muster.node.')) this.readNode(type, event);
  }

  private checkOrder(event: CloudEvent): void {
    const { last } = this;
    const time = Date.parse(event.time);
    this.expect(event.sequence === last.sequence + 1, `event ${event.sequence} follows ${last.sequence}`);
    this.expect(
      (event.commandsequence ?? 0) >= last.command,
      `event ${event.sequence} goes back to an earlier command`,
    );
    this.expect(time >= last.time, `event ${event.sequence} goes back in time`);
    this.expect(!this.ids.has(event.id), `id ${event.id} occurs twice`);
    this.ids.add(event.id);
    this.last = { sequence: event.sequence ?? 0, command: event.commandsequence ?? 0, time };
  }

  private readNode(type: string, { subject, data }: CloudEvent): void {
    const config = data['config'] as { capacity?: number } | undefined;
    if ((type === 'NodeRegistered' || type === 'ConfigNode') && config?.capacity !== undefined) {
      this.capacity.set(subject, config.capacity);
    }
  }

  private readVm(type: string, { subject: id, sequence, data }: CloudEvent): void {
    const where = `${type} of ${id} at ${sequence}`;
    if (type === 'StartVM') return this.accept(id, where);
    const story = this.stories.get(id);
    if (story === undefined) return this.breach(`${where}: never accepted`);
    this.expect(!story.removed, `${where}: after it was removed`);
    switch (type) {
      case 'VMScheduled':
        return this.schedule(id, story, String(data['nodeId']), where);
      case 'VMStarted':
        this.expect(story.node !== undefined && !story.announced, `${where}: has no seat, or was announced already`);
        this.expect(!story.terminateAsked, `${where}: rose after its termination`);
        story.announced = true;
        return;
      case 'VMStartAttemptFailed':
        this.expect(!story.announced, `${where}: had started`);
        story.attempts++;
        return this.unseat(id, story);
      case 'VMFailedToStart':
        this.expect(!story.announced, `${where}: had started`);
        story.failed = true;
        if (data['nodeId'] === undefined) this.unseat(id, story);
        return;
      case 'VMLost':
        story.failed = true;
        return this.unseat(id, story);
      case 'TerminateVM':
        this.expect(!story.terminateAsked, `${where}: accepted twice`);
        story.terminateAsked = true;
        return;
      case 'VMTerminated':
        this.expect(story.terminateAsked && !story.ended, `${where}: nobody asked, or it had ended`);
        story.ended = true;
        return this.unseat(id, story);
      case 'VMRemoved':
        this.expect(story.ended, `${where}: had not ended`);
        story.removed = true;
        return;
    }
  }

  private accept(id: string, where: string): void {
    this.expect(!this.stories.has(id), `${where}: accepted twice`);
    const story = {
      accepted: true,
      node: undefined,
      announced: false,
      terminateAsked: false,
      failed: false,
      ended: false,
      removed: false,
      attempts: 0,
    };
    this.stories.set(id, story);
  }

  private schedule(id: string, story: Story, node: string, where: string): void {
    this.expect(story.node === undefined, `${where}: has a seat on ${story.node} already`);
    this.expect(!story.terminateAsked && !story.ended, `${where}: was terminated`);
    const seated = this.seats.get(node) ?? new Set();
    this.seats.set(node, seated.add(id));
    const limit = this.capacity.get(node);
    this.expect(limit !== undefined && seated.size <= limit, `${where}: ${node} holds ${seated.size} of ${limit}`);
    story.node = node;
    story.announced = false;
  }

  private unseat(id: string, story: Story): void {
    if (story.node !== undefined) this.seats.get(story.node)?.delete(id);
    story.node = undefined;
    story.announced = false;
  }

  private expect(holds: boolean, otherwise: string): void {
    if (!holds) this.breach(otherwise);
  }

  private breach(what: string): void {
    this.breaches.push(what);
  }
}
