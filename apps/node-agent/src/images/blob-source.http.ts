import { DriverError } from '../drivers/driver.js';

/** Where template files come from. */
export interface BlobSource {
  /**
   * The blob's bytes from `offset` on, or from the start if the other side cannot resume (`isResumed` false). Throws `DriverError`
   * for answers that end the matter, and ordinary errors for those that another attempt may mend.
   */
  open(digest: string, offset: number, signal: AbortSignal): Promise<BlobStream>;
}

export interface BlobStream {
  isResumed: boolean;
  bytes: AsyncIterable<Uint8Array>;
}

export interface HttpBlobSourceOptions {
  /** Base address of the API; blobs are at `<apiUrl>/blobs/sha256:<hex>`. */
  apiUrl: string;
  /** Value of the Authorization header, asked for at each request. */
  authorization?: () => string | undefined;
}

const LAST_HOPE = new Set([408, 425, 429]);

export class HttpBlobSource implements BlobSource {
  constructor(private readonly options: HttpBlobSourceOptions) {}

  async open(digest: string, offset: number, signal: AbortSignal): Promise<BlobStream> {
    const response = await fetch(`${this.options.apiUrl.replace(/\/+$/, '')}/blobs/${digest}`, {
      headers: this.headers(digest, offset),
      // A redirect would carry our credentials to whatever host it names.
      redirect: 'error',
      signal,
    });
    if ((response.status === 200 || response.status === 206) && response.body) {
      const isResumed = response.status === 206;
      if (isResumed) checkRange(response.headers.get('content-range'), digest, offset);
      return { isResumed, bytes: response.body };
    }
    await response.body?.cancel();
    throw refusal(response.status, digest);
  }

  private headers(digest: string, offset: number): Record<string, string> {
    const authorization = this.options.authorization?.();
    return {
      // Compressed bodies would make offsets meaningless.
      'accept-encoding': 'identity',
      ...(authorization ? { authorization } : {}),
      ...(offset > 0 ? { range: `bytes=${offset}-`, 'if-range': `"${digest}"` } : {}),
    };
  }
}

function checkRange(contentRange: string | null, digest: string, offset: number): void {
  if (contentRange?.startsWith(`bytes ${offset}-`)) return;
  throw new Error(`Blob ${digest}: asked for bytes from ${offset}, was given "${contentRange ?? 'no range'}".`);
}

function refusal(status: number, digest: string): Error {
  if (status === 404 || status === 410) {
    return new DriverError('IMAGE_MISSING', `Blob ${digest} is not in the store (HTTP ${status}).`, false);
  }
  const message = `Blob ${digest}: the store answered with HTTP ${status}.`;
  return status >= 500 || LAST_HOPE.has(status) || status === 416
    ? new Error(message)
    : new DriverError('TOOL_FAILED', message, false);
}
