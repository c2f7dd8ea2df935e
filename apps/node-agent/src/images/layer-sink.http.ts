import { cancelled, throwIfCancelled } from '../drivers/cancel.js';
import type { Clock } from '../drivers/clock.js';
import { DriverError, type Layer } from '../drivers/driver.js';
import type { LayerSink } from './layer-sink.js';

export const MAX_UPLOAD_ATTEMPTS = 5;
const FIRST_RETRY_MS = 500;
const ASK_LIMIT_MS = 30_000;
/** Of one attempt: a layer of many GiB over a slow network; a store that takes longer is gone. */
const UPLOAD_LIMIT_MS = 3_600_000;
const REASON_CHARS = 300;
/** Answers that another attempt may mend. */
const PASSING = new Set([408, 425, 429]);

export interface HttpLayerSinkOptions {
  /** Base address of the API, without a slash at the end; blobs are at `<apiUrl>/blobs/sha256:<hex>`. */
  readonly apiUrl: string;
  /** Value of the Authorization header, if the API wants one. */
  readonly authorization?: string;
}

/** Layers into the blob store of the API. */
export class HttpLayerSink implements LayerSink {
  constructor(
    private readonly options: HttpLayerSinkOptions,
    private readonly clock: Clock,
  ) {}

  async put(layer: Layer, signal: AbortSignal): Promise<void> {
    const doing = `uploading layer ${layer.digest}`;
    for (let attempt = 1; ; attempt++) {
      throwIfCancelled(signal, doing);
      const failure = await this.try(layer, signal).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (failure === undefined) return;
      throwIfCancelled(signal, doing);
      if (failure instanceof DriverError) throw failure;
      if (attempt === MAX_UPLOAD_ATTEMPTS) throw uploadFailure(layer, failure);
      await this.clock.sleep(FIRST_RETRY_MS * 2 ** (attempt - 1), signal).catch(() => {
        throw cancelled(signal, doing);
      });
    }
  }

  private async try(layer: Layer, signal: AbortSignal): Promise<void> {
    const known = await this.request('HEAD', layer, signal, ASK_LIMIT_MS);
    if (known.ok) return;
    const response = await this.request('PUT', layer, signal, UPLOAD_LIMIT_MS, await layer.open());
    const text = await response.text();
    if (!response.ok) throw refusal(layer, response.status, text.slice(0, REASON_CHARS));
  }

  private request(
    method: 'HEAD' | 'PUT',
    { digest }: Layer,
    signal: AbortSignal,
    limitMs: number,
    body?: Blob,
  ): Promise<Response> {
    const { apiUrl, authorization } = this.options;
    return fetch(`${apiUrl}/blobs/${digest}`, {
      method,
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body && { 'content-type': 'application/octet-stream' }),
      },
      // A redirect would carry our credentials to whatever host it names.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      ...(body && { body }),
    });
  }
}

function refusal({ digest }: Layer, status: number, reason: string): Error {
  const message = `Cannot upload layer ${digest}: HTTP ${status} ${reason}`.trim();
  return status >= 500 || PASSING.has(status) ? new Error(message) : new DriverError('TOOL_FAILED', message, false);
}

function uploadFailure({ digest }: Layer, cause: unknown): DriverError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DriverError('TOOL_FAILED', `Gave up uploading layer ${digest}: ${why}`, true, { cause });
}
