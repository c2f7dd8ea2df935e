import { describe, expect, it } from '@jest/globals';
import { Unavailable } from '../fault.js';
import { WrongLastSequence } from '../wire/guarded-appender.js';
import { readAck } from './publish-ack.js';

const refusal = (code: number, description: string): string =>
  JSON.stringify({ error: { code: 400, err_code: code, description }, stream: 'EVENTS', seq: 0 });

const ack = (text: string): ReturnType<typeof readAck> => readAck('s', Buffer.from(text));

describe('an acknowledgement', () => {
  it('says where the message is', () => {
    expect(ack('{"stream":"EVENTS", "seq":7}')).toEqual({ sequence: 7, duplicate: false });
    expect(ack('{"stream":"EVENTS","seq":9007199254740991}')).toEqual({ sequence: 9007199254740991, duplicate: false });
    expect(ack('{"stream":"EVENTS","domain":"hub","seq":12}')).toEqual({ sequence: 12, duplicate: false });
    expect(ack('{"stream":"EVENTS","seq":12,"domain":"hub"}')).toEqual({ sequence: 12, duplicate: false });
    expect(ack('{"stream":"EVENTS","seq":7,"duplicate": true}')).toEqual({ sequence: 7, duplicate: true });
  });

  it.each([
    [refusal(10071, 'wrong last sequence: 12'), 12],
    [refusal(10071, 'wrong last sequence'), undefined],
    [refusal(10070, 'wrong last msg ID: a:1'), undefined],
  ])('tells a guard that failed by its number: %s', (text, actualLast) => {
    const result = ack(text);
    expect(result).toBeInstanceOf(WrongLastSequence);
    expect(result).toMatchObject({ actualLast });
  });

  it.each([
    refusal(10077, 'maximum bytes exceeded'),
    refusal(10164, 'busy'),
    '{"stream":"EVENTS"}',
    'no JSON',
    '}',
    '123}',
    '',
  ])('leaves everything else uncertain: %s', (text) => expect(ack(text)).toBeInstanceOf(Unavailable));
});
