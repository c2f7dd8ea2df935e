import { describe, expect, it } from '@jest/globals';
import { serversOf } from './servers-of.js';

describe('a NATS URL', () => {
  it.each([
    ['nats://localhost:4222', { servers: ['localhost:4222'], shown: 'localhost:4222' }],
    ['host:1', { servers: ['host:1'], shown: 'host:1' }],
    ['nats://a:1, nats://b:2', { servers: ['a:1', 'b:2'], shown: 'a:1, b:2' }],
    ['nats://us%40er:p%3Aw@h:1', { servers: ['h:1'], shown: 'h:1', user: 'us@er', pass: 'p:w' }],
    ['nats://t0ken@h:1', { servers: ['h:1'], shown: 'h:1', token: 't0ken' }],
    ['tls://h:1', { servers: ['h:1'], shown: 'h:1', tls: {} }],
    ['nats://[::1]:4222', { servers: ['[::1]:4222'], shown: '[::1]:4222' }],
  ])('%s is taken apart', (url, expected) => expect(serversOf(url)).toEqual(expected));

  it.each(['ws://secret@h:1', 'nats://secret@', 'http://secret@h'])('%s is refused without its secret', (url) => {
    expect(() => serversOf(url)).toThrow(/must be nats:\/\//);
    expect(() => serversOf(url)).not.toThrow(/secret/);
  });
});
