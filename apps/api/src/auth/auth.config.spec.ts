import { readAuthConfig } from './auth.config.js';

const ON = { ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: 'ten letters' };

describe('the settings of authentication', () => {
  it('count for nothing while it is off', () => {
    expect(readAuthConfig({ ANKA_ROOT_TOKEN: 'x', ANKA_ENABLE_API_KEYS: 'true' })).toBeUndefined();
  });

  it('switch on the root token alone, and with it what they name', () => {
    expect(readAuthConfig(ON)).toEqual({
      rootToken: 'ten letters',
      usesPermissions: false,
      usesResources: false,
      behindIngress: false,
    });
    const all = readAuthConfig({
      ...ON,
      MUSTER_NODE_TOKEN: 'ten letters, too',
      ANKA_ENABLE_API_KEYS: 'true',
      ANKA_API_KEYS_SESSION_TTL: '1m30s',
      ANKA_ENABLE_CONTROLLER_AUTHORIZATION: 'true',
      ANKA_ROOT_CERT: '/etc/ca.pem',
      ANKA_CRL: '/etc/crl.pem',
      ANKA_OIDC_PROVIDER_URL: 'https://id.example',
      ANKA_OIDC_CLIENT_ID: 'anka, jenkins',
    });
    expect(all).toMatchObject({
      nodeToken: 'ten letters, too',
      sessionTtlMs: 90_000,
      usesPermissions: true,
      authoritiesFile: '/etc/ca.pem',
      revocationsFile: '/etc/crl.pem',
      oidc: { providerUrl: 'https://id.example', clientIds: ['anka', 'jenkins'], userNameClaim: 'name' },
    });
  });

  it.each([
    [{ ANKA_ENABLE_AUTH: 'true' }, 'ANKA_ROOT_TOKEN must have at least 10 characters'],
    [{ ...ON, ANKA_ROOT_TOKEN: 'short one' }, 'ANKA_ROOT_TOKEN must have at least 10 characters'],
    [{ ...ON, MUSTER_NODE_TOKEN: 'short' }, 'MUSTER_NODE_TOKEN must have at least 10 characters'],
    [{ ...ON, ANKA_CRL: '/crl' }, 'ANKA_CRL is nothing without ANKA_CA_CERT'],
    [{ ...ON, ANKA_OIDC_PROVIDER_URL: 'https://id' }, 'ANKA_OIDC_CLIENT_ID must say'],
    [{ ...ON, ANKA_CA_CERT: '/ca', ANKA_USE_HTTPS: 'true', ANKA_ENABLE_INGRESS_NGINX: 'true' }, 'not both'],
  ])('that cannot go together are refused: %j', (env, words) => {
    expect(() => readAuthConfig(env)).toThrow(words);
  });

  it('are refused without showing a secret', () => {
    expect(() => readAuthConfig({ ...ON, ANKA_ROOT_TOKEN: 'geheim' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }) as Error,
    );
  });
});
