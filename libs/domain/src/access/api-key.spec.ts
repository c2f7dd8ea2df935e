import { MAX_API_KEY_LIFE_MS, MAX_API_KEYS } from '../limits.js';
import { at, given, nothing, refused, samples } from '../testing/index.js';
import { START_OF_TIME } from '../testing/history.js';
import type { CreateApiKey } from './access-events.js';

const { apiKey, deleteKey, timers } = samples;
const END = START_OF_TIME + 60_000;
const atOnce = { type: 'SetPolicy', policy: { apiKeyCleaningMs: 0 } } as const;
const change = (keyId: string, changed: { groups?: string[]; expiresAt?: number }) =>
  ({ type: 'UpdateApiKey', store: 'controller', keyId, ...changed }) as const;
const expired = (keyId: string) => ({ type: 'ApiKeyExpired', store: 'controller', keyId }) as const;
const unknown = (keyId: string) => refused({ code: 'API_KEY_UNKNOWN', keyId });

describe('CreateApiKey', () => {
  it('makes a key, with each of its groups once', () => {
    const story = given().when(apiKey('jenkins', END, { groups: ['ops', 'ci', 'ops'] }));
    story.then(apiKey('jenkins', END, { groups: ['ci', 'ops'] }));
    expect(story.cluster.apiKeys.get('controller/jenkins')).toMatchObject({ groups: ['ci', 'ops'], expiresAt: END });
  });

  it('lets the controller and the registry each have a key of the same name', () => {
    given(apiKey('k', END))
      .when(apiKey('k', END, { store: 'registry' }))
      .then(apiKey('k', END, { store: 'registry' }));
  });

  it('says no while a key of the name works, and takes its place once it has expired', () => {
    const story = given(apiKey('k', END));
    story.when(apiKey('k', END + 1), { at: 59_000 }).then(refused({ code: 'API_KEY_EXISTS', keyId: 'k' }));
    story.when(apiKey('k', END + 9), { at: 60_000 }).then(expired('k'), apiKey('k', END + 9));
  });

  const name = 'must have 1 to 128 characters, none of them a control character';
  const pkix = 'must be PKIX DER in base64, of at most 2048 characters';
  const names = 'is the name of the superuser';
  it.each<[string, Partial<CreateApiKey>, string, string]>([
    ['no name', { keyId: '' }, 'keyId', name],
    ['a long name', { keyId: 'x'.repeat(129) }, 'keyId', name],
    ['a name with a line break', { keyId: 'a\nb' }, 'keyId', name],
    ['half a character', { keyId: '\ud83d' }, 'keyId', name],
    ['the name of the superuser', { keyId: 'root' }, 'keyId', names],
    ['a group without a name', { groups: ['a', ''] }, 'groups', name],
    ['a key in PEM', { publicKey: '-----BEGIN PUBLIC KEY-----' }, 'publicKey', pkix],
    ['a key that is too large', { publicKey: 'A'.repeat(2049) }, 'publicKey', pkix],
    ['another store', { store: 'x' as 'registry' }, 'store', 'is "x": must be one of controller, registry'],
  ])('says no to %s', (_, changed, field, message) => {
    given()
      .when(apiKey('k', END, changed))
      .then(refused({ code: 'INVALID', field, message }));
  });

  it('says no to an expiry that is past, or further away than a hundred years', () => {
    const [min, max] = [START_OF_TIME + 1, START_OF_TIME + MAX_API_KEY_LIFE_MS];
    for (const value of [START_OF_TIME, max + 1, min + 0.5])
      given()
        .when(apiKey('k', value), { at: 0 })
        .then(refused({ code: 'OUT_OF_RANGE', field: 'expiresAt', value, min, max }));
  });

  it('says no to more keys than the limit', () => {
    const story = given();
    for (let n = 0; n < MAX_API_KEYS; n++) story.history.say(apiKey(`k${n}`, END));
    const value = MAX_API_KEYS + 1;
    story
      .when(apiKey('k', END))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'API keys', value, min: 0, max: MAX_API_KEYS }));
  });
});

describe('UpdateApiKey', () => {
  it('changes what is said, and nothing else', () => {
    const story = given(apiKey('k', END, { groups: ['ci'] }));
    story.when(change('k', { groups: ['ops'] })).then(change('k', { groups: ['ops'] }));
    story.when(change('k', { groups: ['ops'], expiresAt: END + 5 })).then(change('k', { expiresAt: END + 5 }));
    expect(story.cluster.apiKeys.get('controller/k')).toMatchObject({ groups: ['ops'], expiresAt: END + 5 });
    story.when(change('k', { groups: ['ops', 'ops'], expiresAt: END + 5 })).then(nothing);
  });

  it('knows no key that never was, that is of the other store, or that has expired', () => {
    given(apiKey('k', END, { store: 'registry' }))
      .when(change('k', { groups: [] }))
      .then(unknown('k'));
    given(apiKey('k', END))
      .when(change('k', { expiresAt: END + 5 }), { at: 60_000 })
      .then(unknown('k'));
  });

  it('checks what it changes', () => {
    const groups = Array.from({ length: 65 }, (_, n) => `g${n}`);
    given(apiKey('k', END))
      .when(change('k', { groups }))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'groups', value: 65, min: 0, max: 64 }));
  });
});

describe('DeleteApiKey', () => {
  it('takes the key away, once', () => {
    const story = given(apiKey('k', END)).when(deleteKey('k')).then(deleteKey('k'));
    expect(story.cluster.apiKeys.size).toBe(0);
    story.when(deleteKey('k')).then(unknown('k'));
  });
});

describe('the expiry of a key', () => {
  it('takes it away at that moment, if cleaning has no interval', () => {
    const story = given(atOnce, apiKey('k', END));
    story.when(timers, { at: 59_999 }).then(nothing);
    story.when(timers, { at: 60_000 }).then(expired('k'));
    expect(story.cluster.apiKeys.size).toBe(0);
  });

  it('is cleaned up when the interval comes round, never before', () => {
    const story = given({ type: 'SetPolicy', policy: { apiKeyCleaningMs: 50_000 } }, apiKey('k', END));
    const due = Math.ceil(END / 50_000) * 50_000 - START_OF_TIME;
    story.when(timers, { at: due - 1 }).then(nothing);
    story.when(timers, { at: due }).then(expired('k'));
  });

  it('moves with its key', () => {
    const story = given(atOnce, apiKey('k', END), at(1000, change('k', { expiresAt: END + 5_000 })));
    story.when(timers, { at: 60_000 }).then(nothing);
    story.when(timers, { at: 65_000 }).then(expired('k'));
  });

  it('of a key that was deleted is nothing', () => {
    given(atOnce, apiKey('k', END), deleteKey('k')).when(timers, { at: 60_000 }).then(nothing);
  });
});
