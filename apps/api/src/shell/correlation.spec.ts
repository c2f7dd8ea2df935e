import { ANONYMOUS } from '../auth/principal.js';
import { correlate } from './correlation.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const newId = () => 'made';

describe('correlation', () => {
  test.each([
    [{ 'x-request-id': 'build-7' }, { correlationId: 'build-7' }],
    [
      { 'x-request-id': 'build-7', traceparent: TRACEPARENT },
      { correlationId: 'build-7', traceparent: TRACEPARENT },
    ],
    [{ traceparent: TRACEPARENT }, { correlationId: TRACE, traceparent: TRACEPARENT }],
    [{ traceparent: 'nonsense', 'x-request-id': 'two words' }, { correlationId: 'made' }],
    [{ 'x-request-id': 'x'.repeat(129) }, { correlationId: 'made' }],
    [{ 'x-request-id': ['a', 'b'] }, { correlationId: 'made' }],
    [{}, { correlationId: 'made' }],
  ])('of %j', (headers, context) => {
    expect(correlate(headers, newId)).toEqual({ principal: ANONYMOUS, ...context });
  });
});
