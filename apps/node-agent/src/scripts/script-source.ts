import type { BlobRef } from '#domain';

/** Where the texts of scripts that run in guests come from. They carry secrets: they are fetched when they are needed and never kept. */
export interface ScriptSource {
  /** The bytes, verified against the digest. Throws when they cannot be had. */
  fetch(script: BlobRef, signal: AbortSignal): Promise<Uint8Array>;
}

/** Largest script that a node takes. */
export const MAX_SCRIPT_BYTES = 8 * 1024 * 1024;
