import type { Command } from '#domain';
import type { Reach } from '../../auth/reach.js';
import type { Ask } from '../../commands/ask.js';
import { askedBy } from '../../commands/asked-by.js';
import { checkIdempotencyKey, derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import type { DistributionView, NodeView, VmView } from '../../views/index.js';
import { BadInput, found } from './failure.js';
import { type Asked, refused } from './refusals.js';

/** Turns requests of this dialect into commands and refusals into its failures. */
export class Asking {
  constructor(
    private readonly ask: Ask,
    /** As the caller sees them. */
    private readonly seen: { readonly vms: VmView; readonly nodes: NodeView; readonly distributions: DistributionView },
  ) {}

  /**
   * The id of the command that the request makes. With an `Idempotency-Key` it is derived from that key, for this route and caller
   * only, so that the same key on another route is another request. Throws {@link BadInput} for a key that is none.
   */
  commandIdFor(request: DoorRequest): string {
    const key = request.headers['idempotency-key'];
    if (key === undefined || key === '') return this.ask.idFor();
    if (typeof key !== 'string' || checkIdempotencyKey(key) !== undefined) {
      throw new BadInput('Idempotency-Key must be printable ASCII without spaces, of at most 128 characters');
    }
    const path = request.url.split('?', 1)[0];
    return derivedId(`anka\n${request.muster.principal.user}\n${request.method} ${path}\n${key}`, 0);
  }

  /** Returns when this replica shows what the command caused. Throws `Failure` for a refusal, `Unavailable` when a part is away. */
  async command(request: DoorRequest, command: Command, asked: Asked = 'change', id?: string): Promise<void> {
    const reaching = await this.withinReach(request, command);
    const commandId = id ?? this.commandIdFor(request);
    const outcome = await this.ask.command(reaching, { ...askedBy(request.muster), commandId });
    if (outcome.kind === 'refused') throw refused(outcome.refusal, asked);
  }

  /**
   * The command as far as the caller may go. Where callers have a reach, they say for which permission group they ask, groups of nodes
   * are not theirs (anka.md §1.5), and all nodes means all of theirs.
   */
  private async withinReach(request: DoorRequest, command: Command): Promise<Command> {
    const { reach } = request.muster;
    if (reach === undefined) return command;
    checkGroups(request, command);
    const narrowed = await this.ofOwnNodes(command, reach);
    reach.check(narrowed);
    await this.checkSeen(narrowed);
    return narrowed;
  }

  /** What the caller cannot see is not there for its commands either. */
  private async checkSeen(command: Command): Promise<void> {
    const { vms, distributions } = this.seen;
    if ('vmId' in command) found(await vms.get(command.vmId));
    if (command.type === 'CancelDistribution') found(await distributions.get(command.distributionId));
  }

  private async ofOwnNodes(command: Command, reach: Reach): Promise<Command> {
    if (command.type !== 'DistributeTemplateToNodes' && command.type !== 'RemoveTemplateFromNodes') return command;
    if (command.nodeIds !== undefined) return command;
    const permission = command.type === 'RemoveTemplateFromNodes' ? 'delete_template' : 'distribute';
    const nodes = (await this.seen.nodes.list()).filter(({ id }) => reach.may({ type: 'node', id, permission }));
    return { ...command, nodeIds: nodes.map(({ id }) => id) };
  }
}

function checkGroups(request: DoorRequest, command: Command): void {
  if (command.type !== 'StartVM' && command.type !== 'DistributeTemplateToNodes') return;
  const { group, group_id: groupId } = (request.body ?? {}) as {
    readonly group?: unknown;
    readonly group_id?: unknown;
  };
  if (typeof group !== 'string' || group === '') throw new BadInput('group must be given');
  if (groupId !== undefined && groupId !== null && groupId !== '') throw new BadInput('group_id must not be given');
}
