import type { Readable } from 'node:stream';
import { UnreadableBody } from './error-answers.js';

/** Startup scripts travel inside JSON, so a body may have several MB; more than this is refused. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Reads a body as JSON, whatever its content type says: many clients send another, or none. Undefined when it is empty. Throws
 * `UnreadableBody`.
 */
export async function readJsonBody(body: Readable, announcedBytes: number | undefined): Promise<unknown> {
  if (announcedBytes !== undefined && announcedBytes > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8').trim();
  return text === '' ? undefined : parse(text);
}

function parse(text: string): unknown {
  try {
    // A key that would change the prototype of whatever it is copied to is no field of ours.
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown;
  } catch (cause) {
    throw new UnreadableBody(400, 'The body must be JSON', { cause });
  }
}

const tooLarge = (): UnreadableBody =>
  new UnreadableBody(413, `The body is too large: must have at most ${MAX_BODY_BYTES} bytes`);
