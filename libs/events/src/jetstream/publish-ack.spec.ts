import { describe, expect, it } from '@jest/globals';
import { Unavailable } from '../fault.js';
import { WrongLastSequence } from '../wire/guarded-appender.js';
import { readAck } from './publish-ack.js';

const refusal = (code: number, description: string): string =>
  JSON.stringify({ error: { code: 400, err_code: code, description }, stream: 'EVENTS', seq: 0 });

describe('an acknowledgement', () => {
  it('says where the message is', () => {
    expect(readAck('s', '{"stream":"EVENTS", "seq":7}')).toEqual({ sequence: 7, duplicate: false });
    expect(readAck('s', '{"stream":"EVENTS","seq":7,"duplicate": true}')).toEqual({ sequence: 7, duplicate: true });
  });

  it.each([
    [refusal(10071, 'wrong last sequence: 12'), 12],
    [refusal(10071, 'wrong last sequence'), undefined],
    [refusal(10070, 'wrong last msg ID: a:1'), undefined],
  ])('tells a guard that failed by its number: %s', (text, actualLast) => {
    const result = readAck('s', text);
    expect(result).toBeInstanceOf(WrongLastSequence);
    expect(result).toMatchObject({ actualLast });
  });

  it.each([refusal(10077, 'maximum bytes exceeded'), refusal(10164, 'busy'), '{"stream":"EVENTS"}', 'no JSON', ''])(
    'leaves everything else uncertain: %s',
    (text) => expect(readAck('s', text)).toBeInstanceOf(Unavailable),
  );
});
