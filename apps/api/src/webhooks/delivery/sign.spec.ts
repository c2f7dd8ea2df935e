import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from './sign.js';

const secretOf = (fill: string): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const NOW = Date.UTC(2026, 0, 1);

describe('the signature', () => {
  it('is what the library of Standard Webhooks makes of the same', () => {
    const body = '{"a":"ü"}';
    const headers = signatureHeaders({ id: 'c1:0', body }, [{ secret: secretOf('a') }], NOW);
    expect(headers['webhook-signature']).toBe(new Webhook(secretOf('a')).sign('c1:0', new Date(NOW), body));
    expect(headers['webhook-timestamp']).toBe(String(NOW / 1000));
  });

  it('has one part for each secret that is still good, the newest first', () => {
    const secrets = [
      { secret: secretOf('new') },
      { secret: secretOf('old'), expiresAt: NOW + 1 },
      { secret: secretOf('gone'), expiresAt: NOW },
    ];
    const headers = signatureHeaders({ id: 'c1:0', body: '{}' }, secrets, NOW);
    const parts = [secretOf('new'), secretOf('old')].map((secret) =>
      new Webhook(secret).sign('c1:0', new Date(NOW), '{}'),
    );
    expect(headers['webhook-signature']).toBe(parts.join(' '));
  });
});
