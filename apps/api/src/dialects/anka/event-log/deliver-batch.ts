import type { AnkaRecord } from './anka-record.js';

/** Sends under way at the same time. */
export const MOST_AT_ONCE = 16;

/**
 * Brings all records of a batch: those about the same thing one after the other, in order; the others beside each other. Each that was
 * brought is told to `done` at once. Returns early when `bring` gives up.
 */
export async function deliverBatch(
  records: readonly AnkaRecord[],
  bring: (text: string) => Promise<boolean>,
  done: (record: AnkaRecord) => void,
): Promise<void> {
  const lines = new Map<string, AnkaRecord[]>();
  for (const record of records) {
    const line = lines.get(record.about);
    if (line === undefined) lines.set(record.about, [record]);
    else line.push(record);
  }
  const waiting = [...lines.values()];
  const worker = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      for (const record of line) {
        if (!(await bring(record.text))) return;
        done(record);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, waiting.length) }, worker));
}
