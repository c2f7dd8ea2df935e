import { readWrapped } from './script-wrapper.js';

describe("the wrapper's output", () => {
  it('begins with the exit code', () => {
    expect(readWrapped(Buffer.from('7\nout\n'))).toEqual({ returnCode: 7, stdout: Buffer.from('out\n') });
    expect(readWrapped(Buffer.from('0\n'))).toEqual({ returnCode: 0, stdout: Buffer.alloc(0) });
  });

  it.each(['', '7', 'sh: not found\n', '-1\n', '1234\n'])('tells of no script when it is %j', (text) => {
    expect(readWrapped(Buffer.from(text))).toBeUndefined();
  });
});
