/** What an Anka client sees of a controller: HTTP and JSON, nothing of ours. */

const REQUEST_LIMIT_MS = 30_000;

export interface Envelope<T = unknown> {
  readonly status: 'OK' | 'FAIL';
  readonly message: string;
  readonly body?: T;
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly envelope: Envelope<T>;
}

export interface PortForwarding {
  readonly guest_port: number;
  readonly host_port: number;
  readonly protocol: string;
  readonly name: string;
}

export interface VmInfo {
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
  readonly start_date: string;
  readonly host_ip: string;
  readonly node_id: string;
  readonly port_forwarding?: readonly PortForwarding[];
}

export interface Instance {
  readonly instance_id: string;
  readonly instance_state: string;
  readonly message?: string;
  readonly node_id?: string;
  readonly vminfo?: VmInfo;
  readonly startup_script?: { return_code: number; did_timeout: boolean; stdout: string; stderr: string };
}

export interface ListedInstance {
  readonly instance_id: string;
  readonly vm: Instance;
}

export interface NodeEntry {
  readonly node_id: string;
  readonly node_name: string;
  readonly state: string;
  readonly vm_count: number;
}

/** How a request to save an instance stands. */
export interface Save {
  readonly id: string;
  readonly status: 'pending' | 'done' | 'error';
  readonly error: { readonly Message: string } | null;
  readonly script_result: { readonly return_code: number; readonly stdout: string } | null;
}

export interface SaveOrder {
  readonly id: string;
  readonly target_vm_id: string;
  readonly tag: string;
  readonly script: string;
  readonly cancel_on_script_failure: boolean;
}

export interface StartOrder {
  readonly vmid: string;
  readonly tag?: string;
  readonly count?: number;
  readonly name?: string;
  readonly external_id?: string;
  readonly startup_script?: string;
  readonly script_monitoring?: boolean;
}

/** A client of the Anka dialect over plain fetch. */
export class AnkaClient {
  constructor(
    readonly url: string,
    /** Sent with every request, e.g. who asks. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** One request, whatever the answer. Throws only when there is none. */
  async ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...this.headers, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    const envelope = (await response.json()) as Envelope<T>;
    return { status: response.status, headers: response.headers, envelope };
  }

  /** Ids of the instances that were started. */
  start(order: StartOrder, idempotencyKey?: string): Promise<readonly string[]> {
    return this.demand('POST', '/api/v1/vm', order, idempotencyKey ? { 'idempotency-key': idempotencyKey } : {});
  }

  instance(id: string): Promise<Instance> {
    return this.demand('GET', `/api/v1/vm?id=${encodeURIComponent(id)}`);
  }

  instances(): Promise<readonly ListedInstance[]> {
    return this.demand('GET', '/api/v1/vm');
  }

  async terminate(id: string): Promise<void> {
    await this.demand('DELETE', '/api/v1/vm', { id });
  }

  async restart(id: string): Promise<void> {
    await this.demand('POST', '/api/v1/rpc/vm/restart', { instance_id: id });
  }

  /** Id of the request. */
  async save(order: SaveOrder): Promise<string> {
    return (await this.demand<{ request_id: string }>('POST', '/api/v1/image', order)).request_id;
  }

  saved(requestId: string): Promise<Save> {
    return this.demand('GET', `/api/v1/image?id=${encodeURIComponent(requestId)}`);
  }

  nodes(): Promise<readonly NodeEntry[]> {
    return this.demand('GET', '/api/v1/node');
  }

  templates(): Promise<readonly { id: string; name: string }[]> {
    return this.demand('GET', '/api/v1/registry/vm');
  }

  /** What `/readyz` says. */
  async readiness(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    return { status: response.status, text: await response.text() };
  }

  private async demand<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const { status, envelope } = await this.ask<T>(method, path, body, headers);
    if (status !== 200 || envelope.status !== 'OK') {
      throw new Error(`${method} ${path} answered ${status} ${envelope.status}: ${envelope.message}`);
    }
    return envelope.body as T;
  }
}
