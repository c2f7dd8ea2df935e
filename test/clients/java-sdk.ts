import {
  expectOk,
  isOk,
  type JavaInstance,
  readGroups,
  readImageStatus,
  readInstance,
  readList,
  readRequestId,
  readStarted,
  readStatus,
  readTags,
  readTemplates,
} from './java-answers.js';
import { type RawAnswer, TimedOut, type Wire } from './parts/wire.js';

/**
 * The Java SDK inside the plugins of Jenkins and TeamCity (anka.md §8.1, §8.2): Apache HttpClient, and what breaks on the way is sent
 * again, starts too.
 */

const HEADERS = {
  Connection: 'Keep-Alive',
  'User-Agent': 'Apache-HttpClient/4.5.14 (Java/17.0.11)',
  'Accept-Encoding': 'gzip,deflate',
};

export interface JavaOrder {
  readonly vmid: string;
  readonly tag?: string;
  readonly name_template?: string;
  readonly startup_script?: string;
  readonly group_id?: string;
  readonly priority?: number;
  readonly name?: string;
  readonly external_id?: string;
  readonly vcpu?: number;
  readonly vram?: number;
}

export interface SdkOptions {
  /** How often a request that broke on the way is sent. */
  readonly maxAttempts: number;
  readonly timeoutMs?: number;
  /** The header for the next request, as the credentials of the plugin make it. */
  readonly authorization?: () => Promise<string | undefined>;
}

export class JavaSdk {
  private next = 0;

  /** With several addresses each request goes to the next one. */
  constructor(
    private readonly wires: readonly Wire[],
    readonly options: SdkOptions,
  ) {}

  async templates(): Promise<{ id: string; name: string }[]> {
    return readTemplates(await this.ask('GET', '/api/v1/registry/vm'));
  }

  async tags(templateId: string): Promise<string[]> {
    return readTags(await this.ask('GET', `/api/v1/registry/vm?id=${templateId}`));
  }

  async groups(): Promise<{ id: string; name: string; description: string }[]> {
    return readGroups(await this.ask('GET', '/api/v1/group'));
  }

  async status(): Promise<{ license: string }> {
    return readStatus(await this.ask('GET', '/api/v1/status'));
  }

  /** Starts without the tag when the controller has no such tag. */
  async start(order: JavaOrder): Promise<string> {
    const started = readStarted(await this.ask('POST', '/api/v1/vm', order), order.tag);
    if (started !== undefined) return started;
    const { tag: _, ...untagged } = order;
    return this.start(untagged);
  }

  /** Undefined when the envelope says no. */
  async show(id: string): Promise<JavaInstance | undefined> {
    return readInstance(await this.ask('GET', `/api/v1/vm?id=${id}`));
  }

  async list(): Promise<JavaInstance[]> {
    return readList(await this.ask('GET', '/api/v1/vm'));
  }

  async update(id: string, body: { name?: string; external_id?: string; metadata?: object }): Promise<boolean> {
    return isOk(await this.ask('PUT', `/api/v1/vm?id=${id}`, body));
  }

  async terminate(id: string): Promise<boolean> {
    return isOk(await this.ask('DELETE', '/api/v1/vm', { id }));
  }

  /** The id of the request. */
  async saveImage(order: object): Promise<string> {
    return readRequestId(await this.ask('POST', '/api/v1/image', order));
  }

  async imageStatus(requestId: string): Promise<string> {
    return readImageStatus(await this.ask('GET', `/api/v1/image?id=${requestId}`));
  }

  async revert(templateId: string): Promise<void> {
    expectOk(await this.ask('DELETE', `/api/v1/registry/revert?id=${templateId}`), 'error reverting template');
  }

  /** One request, sent again when it breaks on the way. */
  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<RawAnswer> {
    const { maxAttempts, timeoutMs, authorization } = this.options;
    for (let attempt = 1; ; attempt++) {
      const wire = this.wires[this.next++ % this.wires.length] as Wire;
      const bearer = await authorization?.();
      const headers = {
        ...HEADERS,
        ...(bearer !== undefined && { Authorization: bearer }),
        ...(body && { 'content-type': 'application/json' }),
      };
      const sent = { ...(body && { body: JSON.stringify(body) }), ...(timeoutMs !== undefined && { timeoutMs }) };
      try {
        return await wire.send({ method, path, headers, ...sent });
      } catch (cause) {
        if (attempt >= maxAttempts || !(cause instanceof TimedOut)) throw cause;
      }
    }
  }
}
