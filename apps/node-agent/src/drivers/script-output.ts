import { SCRIPT_OUTPUT_LIMIT_BYTES } from './driver.js';

/**
 * Output as text that is safe to show and to send: the last bytes, without control characters other than tab and line ends, at most
 * {@link SCRIPT_OUTPUT_LIMIT_BYTES} after all replacements.
 */
export function outputText(bytes: Buffer): string {
  const text = tail(bytes)
    .toString('utf8')
    .replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
  return tail(Buffer.from(text)).toString('utf8');
}

/** The last bytes within the limit, not beginning inside a character. */
function tail(bytes: Buffer): Buffer {
  if (bytes.length <= SCRIPT_OUTPUT_LIMIT_BYTES) return bytes;
  const cut = bytes.subarray(bytes.length - SCRIPT_OUTPUT_LIMIT_BYTES);
  let start = 0;
  while (start < 4 && ((cut[start] ?? 0) & 0xc0) === 0x80) start++;
  return cut.subarray(start);
}
