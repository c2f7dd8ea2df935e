import { blobFileName } from './blob-name.js';

const HEX = '0123456789abcdef'.repeat(4);

describe('the file name of a blob', () => {
  it('is its digest with a dash', () => expect(blobFileName(`sha256:${HEX}`)).toBe(`sha256-${HEX}`));

  it.each(['', HEX, `sha256:${HEX}0`, `sha256:${HEX.toUpperCase()}`, `sha256:../${HEX.slice(3)}`, `sha256:${HEX}\n`])(
    'is not made from %j',
    (digest) => expect(() => blobFileName(digest)).toThrow('must be sha256: and 64 hex digits'),
  );
});
