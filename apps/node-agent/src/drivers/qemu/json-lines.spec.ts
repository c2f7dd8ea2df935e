import { LineSplitter, parseLine } from './json-lines.js';

describe('lines of a JSON channel', () => {
  it('are found wherever the chunks end', () => {
    const splitter = new LineSplitter(100);
    const chunks = ['{"a"', ':1}\n{"b":2}\n', '{"c', '":3}', '\n'];
    expect(chunks.map((chunk) => splitter.push(Buffer.from(chunk)))).toEqual([
      [],
      ['{"a":1}', '{"b":2}'],
      [],
      [],
      ['{"c":3}'],
    ]);
  });

  it('may not split a character that two chunks share', () => {
    const splitter = new LineSplitter(100);
    const bytes = Buffer.from('"€"\n');
    expect([...splitter.push(bytes.subarray(0, 2)), ...splitter.push(bytes.subarray(2))]).toEqual(['"€"']);
  });

  it('are an error when they do not end', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('12345'));
    expect(() => splitter.push(Buffer.from('678901'))).toThrow('longer than 10 bytes');
  });

  it('carry objects only', () => {
    expect(parseLine('\ufffd{"return":1}')).toEqual({ return: 1 });
    for (const line of ['', '[1]', '"x"', 'null', '{', 'x{y']) expect(parseLine(line)).toBeUndefined();
  });
});
