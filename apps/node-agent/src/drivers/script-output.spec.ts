import { SCRIPT_OUTPUT_LIMIT_BYTES } from './driver.js';
import { outputText } from './script-output.js';

describe('script output', () => {
  it('keeps text, tabs and line ends', () => expect(outputText(Buffer.from('a\tb\r\nü'))).toBe('a\tb\r\nü'));

  it('replaces what could steer a terminal or swell in JSON', () => {
    expect(outputText(Buffer.from('\u001b[31m\0\u009b'))).toBe('\ufffd[31m\ufffd\ufffd');
  });

  it.each([
    ['letters', Buffer.alloc(400_000, 'x')],
    ['characters of three bytes', Buffer.from('€'.repeat(100_000))],
    ['bytes that are no text', Buffer.alloc(400_000, 0xff)],
    ['zeros', Buffer.alloc(400_000)],
  ])('stays within the limit for %s, ending with the end', (_, bytes) => {
    const text = outputText(Buffer.concat([bytes, Buffer.from('end')]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SCRIPT_OUTPUT_LIMIT_BYTES);
    expect(Buffer.byteLength(text)).toBeGreaterThan(SCRIPT_OUTPUT_LIMIT_BYTES - 4);
    expect(text.endsWith('end')).toBe(true);
  });

  it('does not begin inside a character', () => {
    expect(outputText(Buffer.from('€'.repeat(100_000))).startsWith('€')).toBe(true);
  });
});
