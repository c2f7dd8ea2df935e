import type { Command } from '#domain';
import type { Ask } from '../../commands/ask.js';
import { checkIdempotencyKey, derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { BadInput } from './failure.js';
import { type Asked, refused } from './refusals.js';

/** Turns requests of this dialect into commands and refusals into its failures. */
export class Asking {
  constructor(private readonly ask: Ask) {}

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
    this.checkReach(request, command);
    const { correlationId, principal, traceparent } = request.muster;
    const outcome = await this.ask.command(command, {
      actor: principal.user,
      correlationId,
      ...(traceparent !== undefined && { traceparent }),
      commandId: id ?? this.commandIdFor(request),
    });
    if (outcome.kind === 'refused') throw refused(outcome.refusal, asked);
  }

  /** Where callers have a reach, they say for which permission group they ask, and groups of nodes are not theirs (anka.md §1.5). */
  private checkReach(request: DoorRequest, command: Command): void {
    const { reach } = request.muster;
    if (reach === undefined) return;
    if (command.type === 'StartVM' || command.type === 'DistributeTemplateToNodes') {
      const { group, group_id: groupId } = (request.body ?? {}) as {
        readonly group?: unknown;
        readonly group_id?: unknown;
      };
      if (typeof group !== 'string' || group === '') throw new BadInput('group must be given');
      if (groupId !== undefined && groupId !== null && groupId !== '') throw new BadInput('group_id must not be given');
    }
    reach.check(command);
  }
}
