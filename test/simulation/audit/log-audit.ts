import type { CloudEvent } from '#events';
import { DistributionBook } from './distribution-book.js';
import { GroupBook } from './group-book.js';
import { LawBook } from './law-book.js';
import { type Need, NodeBook } from './node-books.js';
import { SaveBook } from './save-book.js';
import { TurnAudit } from './turn-audit.js';

/** What the auditor believes of one VM, from the events alone. */
interface Story {
  readonly need: Need;
  /** Absent: any node will do. */
  readonly groupId: string | undefined;
  node: string | undefined;
  announced: boolean;
  /** Powered off, as far as anybody was told. */
  off: boolean;
  terminateAsked: boolean;
  /** Its start failed, or it was lost. */
  failed: boolean;
  ended: boolean;
  removed: boolean;
  attempts: number;
}

/**
 * Reads the log as an accountant reads books: it shares no rule with the domain, and knows only what the laws say. Collects every
 * breach instead of stopping at the first.
 */
export class LogAudit {
  readonly laws = new LawBook();
  readonly stories = new Map<string, Story>();
  readonly distributions = new DistributionBook(this.laws);
  readonly saves = new SaveBook(this.laws);
  readonly groups = new GroupBook();
  private readonly nodes = new Map<string, NodeBook>();
  private readonly turns = new TurnAudit(this.laws);
  private readonly ids = new Set<string>();
  private last = { sequence: 0, command: 0, time: 0 };

  get breaches(): readonly string[] {
    return this.laws.breaches;
  }

  /** VMs that hold a seat on the node, by the books. */
  seatsOf(nodeId: string): ReadonlySet<string> {
    return new Set(this.nodes.get(nodeId)?.seats.keys());
  }

  /** Nodes that could take the VM where it stands now. */
  openTo(vmId: string): string[] {
    const story = this.stories.get(vmId);
    if (story === undefined) return [];
    return [...this.nodes]
      .filter(([nodeId, node]) => node.couldTake(story.need) && this.admits(story, nodeId))
      .map(([nodeId]) => nodeId);
  }

  read(event: CloudEvent): void {
    this.checkOrder(event);
    const type = event.type.slice(event.type.lastIndexOf('.') + 1);
    if (event.type.startsWith('muster.node.')) this.node(event.subject).read(type, event.data);
    this.groups.read(type, event);
    this.distributions.read(type, event);
    if (event.type.startsWith('muster.image.')) this.saves.readSave(type, event);
    if (type === 'PolicyChanged') this.turns.changePolicy(event.data['policy'] as Record<string, unknown>);
    if (!event.type.startsWith('muster.vm.')) return;
    if (type.startsWith('VMPush')) this.readSaving(type, event);
    this.readVm(type, event);
    this.turns.read(type, event);
  }

  private checkOrder(event: CloudEvent): void {
    const { last, laws } = this;
    const { sequence = 0, commandsequence = 0, id } = event;
    const law = 'the log has one order';
    const time = Date.parse(event.time);
    laws.expect(law, sequence === last.sequence + 1, () => `event ${sequence} follows ${last.sequence}`);
    laws.expect(law, commandsequence >= last.command, () => `event ${sequence} goes back to an earlier command`);
    laws.expect(law, time >= last.time, () => `event ${sequence} goes back in time`);
    laws.expect(law, !this.ids.has(id), () => `id ${id} occurs twice`);
    this.ids.add(id);
    this.last = { sequence, command: commandsequence, time };
  }

  private node(nodeId: string): NodeBook {
    const known = this.nodes.get(nodeId);
    if (known !== undefined) return known;
    const node = new NodeBook();
    this.nodes.set(nodeId, node);
    return node;
  }

  private readVm(type: string, { subject: id, sequence, data }: CloudEvent): void {
    const { laws } = this;
    const where = (what: string) => () => `${type} of ${id} at ${sequence}: ${what}`;
    const life = (holds: boolean, what: string) => laws.expect('a VM lives one life', holds, where(what));
    if (type === 'StartVM') return this.accept(id, data, where('accepted twice'));
    const story = this.stories.get(id);
    if (story === undefined) return laws.breach(where('never accepted')());
    life(!story.removed, 'after it was removed');
    switch (type) {
      case 'VMScheduled':
        return this.schedule(id, story, String(data['nodeId']), where);
      case 'VMStarted':
        life(story.node !== undefined && !story.announced, 'has no seat, or was announced already');
        laws.expect('the terminated stay terminated', !story.terminateAsked, where('rose after its termination'));
        story.announced = true;
        return;
      case 'VMStartAttemptFailed':
        life(!story.announced, 'had started');
        story.attempts++;
        return this.unseat(id, story);
      case 'VMFailedToStart':
        life(!story.announced, 'had started');
        return this.fail(id, story, data);
      case 'VMStopped':
        return this.power(id, story, false);
      case 'RestartVM':
      case 'VMRestarted':
        return this.power(id, story, true);
      case 'VMLost':
        story.failed = true;
        return this.unseat(id, story);
      case 'VMPushed':
      case 'VMPreempted':
        life(story.announced, 'did not run');
        story.terminateAsked = true;
        return;
      case 'TerminateVM':
        life(!story.terminateAsked, 'accepted twice');
        story.terminateAsked = true;
        return;
      case 'VMTerminated':
        life(story.terminateAsked && !story.ended, 'nobody asked, or it had ended');
        story.ended = true;
        return this.unseat(id, story);
      case 'VMRemoved':
        life(story.ended, 'had not ended');
        story.removed = true;
        return;
    }
  }

  private readSaving(type: string, event: CloudEvent): void {
    const story = this.stories.get(event.subject);
    this.saves.readVm(type, event, story?.announced === true && !story.off);
    if (type === 'VMPushed' && story !== undefined) this.power(event.subject, story, false);
  }

  private accept(id: string, data: CloudEvent['data'], otherwise: () => string): void {
    this.laws.expect('a VM lives one life', !this.stories.has(id), otherwise);
    const { groupId } = (data['request'] ?? {}) as { groupId?: string };
    const arch = (data['image'] as { arch?: string } | undefined)?.arch;
    this.stories.set(id, {
      need: { cpu: Number(data['cpu']), memoryMiB: Number(data['memoryMiB']), ...(arch !== undefined && { arch }) },
      groupId,
      node: undefined,
      announced: false,
      off: false,
      terminateAsked: false,
      failed: false,
      ended: false,
      removed: false,
      attempts: 0,
    });
  }

  private schedule(id: string, story: Story, nodeId: string, where: (what: string) => () => string): void {
    const { laws } = this;
    const node = this.node(nodeId);
    laws.expect('a VM has one seat', story.node === undefined, where(`has a seat on ${story.node} already`));
    laws.expect('the terminated stay terminated', !story.terminateAsked && !story.ended, where('was terminated'));
    const closed = node.closedTo(story.need);
    laws.expect('only open nodes of the right kind take VMs', closed === undefined, where(`${nodeId} ${closed}`));
    if (story.groupId !== undefined)
      laws.expect(
        'a VM of a group sits where the group admits it',
        this.admits(story, nodeId),
        where(`${nodeId} is neither in ${story.groupId} nor in a fallback of it`),
      );
    node.sit(id, story.need);
    const excess = node.excess();
    laws.expect('no node holds more than it can', excess === undefined, where(`${nodeId} ${excess}`));
    story.node = nodeId;
    story.announced = false;
  }

  private admits({ groupId }: Story, nodeId: string): boolean {
    return groupId === undefined || this.groups.admits(groupId, nodeId);
  }

  private unseat(id: string, story: Story): void {
    if (story.node !== undefined) this.nodes.get(story.node)?.leave(id);
    this.saves.leave(id);
    story.node = undefined;
    story.announced = false;
    story.off = false;
  }

  /** What is left of it may stay on its node, powered off or not. */
  private fail(id: string, story: Story, data: CloudEvent['data']): void {
    story.failed = true;
    if (data['nodeId'] === undefined) return this.unseat(id, story);
    this.power(id, story, (data['instance'] as { status?: string } | undefined)?.status !== 'stopped');
  }

  private power(id: string, story: Story, isOn: boolean): void {
    story.off = !isOn;
    if (story.node !== undefined) this.nodes.get(story.node)?.power(id, isOn);
  }
}
