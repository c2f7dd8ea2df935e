import { Readable } from 'node:stream';
import { MAX_BODY_BYTES, readJsonBody } from './read-body.js';

const body = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

describe('a body', () => {
  test('is JSON in any pieces, or nothing', async () => {
    expect(await readJsonBody(body('{"a":', ' [1', ',2]}'), undefined)).toEqual({ a: [1, 2] });
    expect(await readJsonBody(body('"text"'), 6)).toBe('text');
    expect(await readJsonBody(body(), undefined)).toBeUndefined();
    expect(await readJsonBody(body(' \n'), 2)).toBeUndefined();
    const half = Buffer.from('{"é":1}');
    const pieces = Readable.from([half.subarray(0, 3), half.subarray(3)]);
    expect(await readJsonBody(pieces, undefined)).toEqual({ é: 1 });
  });

  test('that is no JSON or too large is refused, announced or not', async () => {
    await expect(readJsonBody(body('{"a":'), undefined)).rejects.toMatchObject({ status: 400 });
    await expect(readJsonBody(body('x'), MAX_BODY_BYTES + 1)).rejects.toMatchObject({ status: 413 });
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024 * 1024, 0x20);
      })(),
    );
    await expect(readJsonBody(endless, undefined)).rejects.toMatchObject({ status: 413 });
  });

  test('cannot change the prototype of what it is copied to', async () => {
    const read = (await readJsonBody(body('{"__proto__":{"admin":true},"a":1}'), undefined)) as object;
    expect(Object.assign({}, read)).toEqual({ a: 1 });
    expect(({ ...read } as { admin?: boolean }).admin).toBeUndefined();
  });
});
