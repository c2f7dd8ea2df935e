/** How long a client waits before it connects again, ms. */
export const RETRY_MS = 2_000;

/** Breaks that an SSE field must not hold (HTML standard, "Parsing an event stream"). */
const BREAKS = /\r\n|\r|\n/;

const text = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n\n`);

/** One event: its sequence as the id to resume after, its type, and the CloudEvent as the log has it. */
export function eventFrame(sequence: number, type: string, body: string): Buffer {
  // JSON has no breaks of its own; what another program appended may have.
  const data = body.split(BREAKS).map((line) => `data: ${line}`);
  return text([`id: ${sequence}`, `event: ${type.split(BREAKS).join(' ')}`, ...data]);
}

/** Tells how far the log is, so that a client to which nothing is sent for long does not resume from too far behind. */
export const bookmarkFrame = (sequence: number): Buffer => text([`id: ${sequence}`, 'event: bookmark', 'data: {}']);

/** What a stream begins with. */
export const openingFrame = (): Buffer => text([`retry: ${RETRY_MS}`]);

/** A sign of life, which clients pass over. */
export const HEARTBEAT_FRAME = text([':']);

/** Why the stream ends, for people who look at it. */
export const lastFrame = (why: string): Buffer => text([`: ${why}`]);
