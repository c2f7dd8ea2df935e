import { expect } from '@jest/globals';
import type { Tell } from './logins.js';

/** What we let Muster know about webhooks. */
export interface WebhookSecrets {
  /** Of which a secret that signs is made. */
  readonly key: string;
  readonly header: string;
  readonly urlToken: string;
  readonly wrong: string;
}

/** Where each may be, and nowhere else: whoever may see the configuration may see URLs. */
export const WEBHOOK_TOLD: Readonly<Record<Exclude<keyof WebhookSecrets, 'wrong'> | 'made', readonly string[]>> = {
  key: ['table webhook.endpoint', 'answer to POST /api/v2/webhooks'],
  made: ['table webhook.endpoint', 'answer to POST /api/v2/webhooks/:id/rotate-secret'],
  header: ['table webhook.endpoint'],
  urlToken: [
    'table webhook.attempt',
    'table webhook.endpoint',
    'answer to POST /api/v2/webhooks',
    'answer to POST /api/v2/webhooks/:id/rotate-secret',
    'answer to GET /api/v2/webhooks/:id',
    'answer to PATCH /api/v2/webhooks/:id',
    'answer to POST /api/v2/webhooks/:id/ping',
    'answer to GET /api/v2/webhooks/:id/deliveries',
  ],
};

/** The secret that signs, as it must be: in Base64 there are no other letters in it than in the key. */
const whsec = (key: string): string => `whsec_${key}`;

/** A webhook is made, changed, pinged and read, and some of it wrongly. Nobody listens at the port. Returns the secret that was made. */
export async function webhooks(tell: Tell, name: string, port: number, secrets: WebhookSecrets): Promise<string> {
  const { key, header, urlToken, wrong } = secrets;
  const base = '/api/v2/webhooks';
  const url = `http://127.0.0.1:${port}/hook/${urlToken}`;
  const order = { name, url, secret: whsec(key), headers: { 'x-token': header } };
  const made = JSON.parse(await tell('POST', base, order)) as { id: string };
  const at = `${base}/${made.id}`;
  const rotated = JSON.parse(await tell('POST', `${at}/rotate-secret`, {})) as { secret: string };
  await tell('GET', at);
  await tell('PATCH', at, { headers: { 'x-token': header, 'x-more': header } });
  expect(await tell('POST', `${at}/ping`)).toContain('"outcome":"failed"');
  for (const bad of [
    { secret: wrong },
    { headers: { 'x-token': `${wrong}\n` } },
    { headers: { host: wrong } },
    { url: `http://u:${wrong}@127.0.0.1/` },
    { url: `ftp://${wrong}/` },
  ])
    expect(await tell('POST', base, { ...order, secret: undefined, ...bad })).toContain('"status":400');
  await tell('GET', `${at}/deliveries`);
  return rotated.secret.slice('whsec_'.length);
}
