import { MAX_AUTHORIZATION_LENGTH, readCredentials } from './credentials.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SESSION = { userName: 'ci', sessionId: 'a.b.c', token: 'proof' };

describe('an Authorization header', () => {
  it.each([
    ['of nothing', undefined, { kind: 'absent' }],
    ['that is empty', '', { kind: 'absent' }],
    ['with user and password', `Basic ${base64('root:a:b')}`, { kind: 'basic', user: 'root', password: 'a:b' }],
    ['without a user', `basic ${base64(':token')}`, { kind: 'basic', user: '', password: 'token' }],
    ['with a session', `Bearer ${base64(JSON.stringify(SESSION))}`, { kind: 'session', session: SESSION }],
    [
      'with a session in another order, with spaces and a newline',
      `Bearer ${base64('{ "token": "proof",\n "sessionId":"a.b.c", "userName": "ci", "more": 1 }\n')}`,
      { kind: 'session', session: SESSION },
    ],
    [
      'with a session in URL-safe base64',
      `Bearer ${Buffer.from(JSON.stringify({ ...SESSION, userName: 'ü?>' })).toString('base64url')}`,
      { kind: 'session', session: { ...SESSION, userName: 'ü?>' } },
    ],
    ['with a JWT', 'Bearer aGVs.bG8-_.d29ybGQ', { kind: 'jwt', token: 'aGVs.bG8-_.d29ybGQ' }],
    ['without a colon', `Basic ${base64('root')}`, { kind: 'malformed' }],
    ['of no base64', 'Basic ???', { kind: 'malformed' }],
    ['with JSON that is no session', `Bearer ${base64('{"userName":"ci"}')}`, { kind: 'malformed' }],
    ['with null', `Bearer ${base64('null')}`, { kind: 'malformed' }],
    ['of another scheme', 'Digest abc', { kind: 'malformed' }],
    ['that is endless', `Bearer ${'a'.repeat(MAX_AUTHORIZATION_LENGTH)}`, { kind: 'malformed' }],
  ])('%s', (_, header, credentials) => {
    expect(readCredentials(header)).toEqual(credentials);
  });
});
