import { type Outcome, type Refusal } from '#domain';
import type { Clock } from '#events';
import type { ArchiveReader } from '../archive/archive-reader.js';
import { type Ask, type AskContext, READ_YOUR_WRITES_LIMIT_MS, type ReadGate } from '../commands/ask.js';
import { derivedId } from '../commands/command-id.js';
import { refusalProblem } from '../templates/refusal-problems.js';
import type { AttemptResult, Sender } from './delivery/sender.js';
import type { UrlPolicy } from './delivery/guard/url-policy.js';
import type { Endpoint, EndpointChange, EndpointSecret, EndpointSettings } from './endpoint.js';
import { pingMessage } from './ping.js';
import { keptSecrets } from './secrets.js';
import type { WebhookStore } from './webhook-store.js';

/** What the desk of webhooks stands on. */
export interface WebhookParts {
  readonly store: WebhookStore;
  readonly archive: ArchiveReader;
  readonly ask: Ask;
  /** Reached when what was asked for has come true in the store. */
  readonly gate: ReadGate;
  readonly sender: Sender;
  readonly policy: UrlPolicy;
  readonly clock: Clock;
  readonly newSecret: () => string;
  /** Stands in what goes out in the vendor's form. */
  readonly machineName: string;
  /** Tells whoever delivers that something is due. */
  readonly wake: (endpointIds: readonly string[]) => void;
}

/** The part of a request to change something that is not about webhooks. */
export type Asking = AskContext;

/**
 * Where webhooks are made and changed. What is secret or long is kept in the database first; then the command goes the way of all
 * commands, and what was kept comes true with its event. So nothing is half done after a crash, and the order of changes is that of the log.
 */
export class WebhookDesk {
  constructor(readonly parts: WebhookParts) {}

  /** The same request again finds what the first one made. */
  async create(settings: EndpointSettings, enabled: boolean, asking: Asking): Promise<Endpoint> {
    const { store } = this.parts;
    const id = derivedId(asking.commandId, 0);
    await store.prepare(id, settings);
    const command = {
      type: 'CreateWebhook',
      webhookId: id,
      name: settings.name,
      ...(!enabled && { enabled }),
    } as const;
    await this.accepted(await this.parts.ask.command(command, asking), () => store.abandon(id));
    return this.mustGet(id);
  }

  /** `expected`: the version that is to be changed. */
  async change(
    id: string,
    change: EndpointChange & { readonly enabled?: boolean },
    asking: Asking,
    expected?: number,
  ): Promise<Endpoint> {
    const { store, ask } = this.parts;
    await this.mustGet(id);
    const { enabled, ...kept } = change;
    const changed = Object.keys(change).sort();
    if (Object.keys(kept).length > 0) await store.stage(asking.commandId, id, kept);
    const outcome = await ask.command(
      {
        type: 'UpdateWebhook',
        webhookId: id,
        changed,
        ...(kept.name !== undefined && { name: kept.name }),
        ...(enabled !== undefined && { enabled }),
        ...(expected !== undefined && { expected }),
      },
      asking,
    );
    await this.accepted(outcome, () => store.unstage(asking.commandId));
    return this.mustGet(id);
  }

  /** The secrets that were there sign for as long as the overlap; the answer's first secret is the new one. */
  async rotate(id: string, given: string | undefined, overlapMs: number, asking: Asking): Promise<Endpoint> {
    const { secrets, version } = await this.mustGet(id);
    const fresh: EndpointSecret = { secret: given ?? this.parts.newSecret() };
    const kept = keptSecrets(secrets, this.parts.clock.now(), overlapMs);
    return this.change(id, { secrets: [fresh, ...kept] }, asking, version);
  }

  async delete(id: string, asking: Asking): Promise<void> {
    await this.accepted(await this.parts.ask.command({ type: 'DeleteWebhook', webhookId: id }, asking));
  }

  /** Sends one event that is about nothing, at once, and notes what came of it. */
  async ping(id: string, eventId: string): Promise<AttemptResult> {
    const { store, sender, clock } = this.parts;
    const endpoint = await this.mustGet(id);
    const at = clock.now();
    const message = pingMessage(endpoint, eventId, at, this.parts.machineName);
    const sent = await sender.send(endpoint, message);
    await store.noteAttempt({ ...sent, at, endpointId: id, sequence: 0, eventId, type: 'ping', attempt: 1 });
    return sent;
  }

  async mustGet(id: string): Promise<Endpoint> {
    const endpoint = await this.parts.store.get(id);
    if (endpoint === undefined) throw refusalProblem({ code: 'WEBHOOK_UNKNOWN', webhookId: id } satisfies Refusal);
    return endpoint;
  }

  private async accepted(outcome: Outcome, undo: () => Promise<void> = async () => undefined): Promise<void> {
    if (outcome.kind === 'accepted') return this.parts.gate.reached(outcome.sequence, READ_YOUR_WRITES_LIMIT_MS);
    await undo();
    throw refusalProblem(outcome.refusal);
  }
}
