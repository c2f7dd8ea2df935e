import { webhookId } from '../ids.js';
import { MAX_WEBHOOK_FIELDS, MAX_WEBHOOKS } from '../limits.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { changeHook, deleteHook, disableHook, hook } = samples;
const id = webhookId('w');
const updated = (changed: string[], name?: string) =>
  ({ type: 'UpdateWebhook', webhookId: id, ...(name !== undefined && { name }), changed }) as const;
const enabled = { type: 'WebhookEnabled', webhookId: id } as const;
const disabled = { type: 'WebhookDisabled', webhookId: id, by: 'operator' } as const;
const unknown = refused({ code: 'WEBHOOK_UNKNOWN', webhookId: 'x' });
const changed = (version: number) => refused({ code: 'WEBHOOK_CHANGED', webhookId: 'w', version });

describe('CreateWebhook', () => {
  it('makes an endpoint that is enabled', () => {
    const story = given().when(hook('w', 'CI')).then({ type: 'CreateWebhook', webhookId: id, name: 'CI' });
    expect(story.cluster.webhooks.get(id)).toEqual({ id: 'w', name: 'CI', enabled: true, version: 1 });
  });

  it('makes one that is not, when it is asked for', () => {
    const command = { ...hook('w', 'CI'), enabled: false } as const;
    const story = given()
      .when(command)
      .then({ ...command, webhookId: id });
    expect(story.cluster.webhooks.get(id)).toMatchObject({ enabled: false });
    story.when(changeHook('w', { enabled: true })).then(updated([]), enabled);
  });

  it.each([
    ['an id that is taken', hook('w'), { code: 'WEBHOOK_EXISTS', webhookId: 'w' }],
    ['an id that is none', hook('a/b'), { code: 'INVALID', field: 'webhookId', message: 'is not a valid id' }],
    ['no name', hook('x', ''), { code: 'INVALID', field: 'name', message: 'must not be empty' }],
    [
      'a long name',
      hook('x', 'x'.repeat(257)),
      { code: 'INVALID', field: 'name', message: 'is 257 characters long: must be at most 256' },
    ],
  ] as const)('says no to %s', (_, command, refusal) => {
    given(hook('w')).when(command).then(refused(refusal));
  });

  it('says no to more endpoints than the limit, and yes again when one is gone', () => {
    const story = given();
    for (let n = 0; n < MAX_WEBHOOKS; n++) story.history.say(hook(`w${n}`));
    const value = MAX_WEBHOOKS + 1;
    story.when(hook('w')).then(refused({ code: 'OUT_OF_RANGE', field: 'webhooks', value, min: 0, max: MAX_WEBHOOKS }));
    story.history.say(deleteHook('w7'));
    story.history.say(hook('w'));
    expect(story.cluster.webhooks.size).toBe(MAX_WEBHOOKS);
  });
});

describe('UpdateWebhook', () => {
  it('tells which fields change, each once, and of the name also what it is', () => {
    const story = given(hook('w'));
    story.when(changeHook('w', { changed: ['url', 'headers', 'url'] })).then(updated(['headers', 'url']));
    story.when(changeHook('w', { name: 'CI', changed: ['name'] })).then(updated(['name'], 'CI'));
    expect(story.cluster.webhooks.get(id)).toMatchObject({ name: 'CI', version: 3 });
  });

  it('disables and enables; what is so already is nothing', () => {
    const story = given(hook('w'));
    story.when(changeHook('w', { enabled: true })).then(nothing);
    story.when(changeHook('w', { enabled: false, changed: ['enabled'] })).then(updated(['enabled']), disabled);
    story.when(changeHook('w', { enabled: false })).then(nothing);
    story.when(changeHook('w', { enabled: true, changed: ['url'] })).then(updated(['url']), enabled);
    expect(story.cluster.webhooks.get(id)).toMatchObject({ enabled: true, version: 5 });
  });

  it('changes the state that is meant, and no other', () => {
    const story = given(hook('w'), changeHook('w', { changed: ['url'] }));
    story.when(changeHook('w', { changed: ['types'], expected: 1 })).then(changed(2));
    story.when(changeHook('w', { changed: ['types'], expected: 2 })).then(updated(['types']));
  });

  it.each([
    ['a name of a field that could be anything', ['url=https://user:secret@host'], 'INVALID'],
    ['very many fields', new Array<string>(MAX_WEBHOOK_FIELDS + 1).fill('url'), 'OUT_OF_RANGE'],
  ] as const)('says no to %s', (_, fields, code) => {
    const { history } = given(hook('w'));
    expect(history.say(changeHook('w', { changed: fields })).outcome).toMatchObject({ refusal: { code } });
  });

  it('says no to no name, and to an endpoint that is not there', () => {
    const empty = { code: 'INVALID', field: 'name', message: 'must not be empty' } as const;
    given(hook('w'))
      .when(changeHook('w', { name: '', changed: ['name'] }))
      .then(refused(empty));
    given(hook('w'), deleteHook('w'), hook('w'))
      .when(changeHook('x', { changed: ['url'] }))
      .then(unknown);
  });
});

describe('DisableWebhook', () => {
  it('ends deliveries, once, and says why', () => {
    const story = given(hook('w'));
    const event = { type: 'WebhookDisabled', webhookId: id, by: 'delivery', reason: 'gone (410)' } as const;
    story.when(disableHook('w', 'gone (410)')).then(event);
    story.when(disableHook('w', 'gone (410)')).then(nothing);
    story.when(changeHook('w', { enabled: true })).then(updated([]), enabled);
  });

  it('keeps so much of a reason', () => {
    const { happened } = given(hook('w')).when(disableHook('w', 'x'.repeat(5000)));
    expect(happened).toMatchObject([{ reason: 'x'.repeat(1024) }]);
  });

  it('does not end what has been mended since', () => {
    const story = given(hook('w'), changeHook('w', { changed: ['url'] }));
    story.when(disableHook('w', 'x', 1)).then(changed(2));
    story.when(disableHook('x', 'x')).then(unknown);
  });
});

describe('DeleteWebhook', () => {
  it('takes an endpoint away, once', () => {
    const story = given(hook('w'));
    story.when(deleteHook('w')).then({ type: 'DeleteWebhook', webhookId: id });
    expect(story.cluster.webhooks.size).toBe(0);
    story.when(deleteHook('w')).then(refused({ code: 'WEBHOOK_UNKNOWN', webhookId: 'w' }));
  });
});
