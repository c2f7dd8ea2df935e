import { createHash } from 'node:crypto';
import type { BlobRef } from '#domain';

/** Returns the bytes if they are the script that was meant. Throws, without a word of the script, when they are not. */
export function verified(script: BlobRef, bytes: Uint8Array): Uint8Array {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (digest === script.digest) return bytes;
  throw new Error(`Cannot use the script: its ${bytes.length} bytes have digest ${digest}, must be ${script.digest}`);
}
