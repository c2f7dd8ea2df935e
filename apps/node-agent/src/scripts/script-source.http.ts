import type { BlobRef } from '#domain';
import { MAX_SCRIPT_BYTES, type ScriptSource } from './script-source.js';
import { verified } from './verified.js';

/** How long the API may take to hand out a script. */
const FETCH_LIMIT_MS = 15_000;

export interface HttpScriptSourceOptions {
  /** Base address of the API, without a slash at the end; scripts are at `<apiUrl>/blobs/sha256:<hex>`. */
  readonly apiUrl: string;
  /** Value of the Authorization header, if the API wants one. */
  readonly authorization?: string;
}

/** Startup scripts from the blob store of the API. */
export class HttpScriptSource implements ScriptSource {
  constructor(private readonly options: HttpScriptSourceOptions) {}

  async fetch(script: BlobRef, signal: AbortSignal): Promise<Uint8Array> {
    const { apiUrl, authorization } = this.options;
    if (script.sizeBytes > MAX_SCRIPT_BYTES) {
      throw new Error(`Cannot fetch the script: it has ${script.sizeBytes} bytes, at most ${MAX_SCRIPT_BYTES}`);
    }
    const response = await fetch(`${apiUrl}/blobs/${script.digest}`, {
      headers: { 'accept-encoding': 'identity', ...(authorization !== undefined && { authorization }) },
      // A redirect would carry our credentials to whatever host it names.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_LIMIT_MS)]),
    }).catch((cause: unknown) => {
      throw new Error(`Cannot fetch the script ${script.digest} from the API`, { cause });
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      throw new Error(`Cannot fetch the script ${script.digest}: the API answered with HTTP ${response.status}`);
    }
    return verified(script, await readUpTo(response.body, script));
  }
}

/** Stops reading as soon as there is more than was declared. */
async function readUpTo(body: AsyncIterable<Uint8Array>, script: BlobRef): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > script.sizeBytes) {
      throw new Error(`Cannot use the script ${script.digest}: it is longer than its ${script.sizeBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
