import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

const TOKEN_LIFE_S = 600;

/** What a token says of its bearer besides what every token says. */
export type ExtraClaims = Readonly<Record<string, unknown>>;

/** A real OpenID provider on a port of its own, whose clients get access tokens for their own name and secret. */
export class TestProvider {
  /** Told in the next tokens. */
  claims: ExtraClaims = {};
  requests: string[] = [];

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
    private readonly clientSecret: string,
  ) {}

  static async start(clientSecret = 'secret of jenkins'): Promise<TestProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = new TestProvider(issuer, server, clientSecret);
    const machine = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] };
    const provider = new Provider(issuer, {
      clients: [{ client_id: 'jenkins', client_secret: clientSecret, ...machine }],
      scopes: ['openid', 'profile', 'groups'],
      ttl: { ClientCredentials: TOKEN_LIFE_S },
      extraTokenClaims: () => ({ ...told.claims }),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => 'urn:anka',
          getResourceServerInfo: (_context, resource) => ({
            scope: 'openid profile groups',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_LIFE_S,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      told.requests.push(request.url ?? '');
      void answer(request, response);
    });
    return told;
  }

  /** As a plugin gets one: with its client's name and secret. */
  async token(claims: ExtraClaims, resource = 'urn:anka'): Promise<string> {
    this.claims = claims;
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`jenkins:${encodeURIComponent(this.clientSecret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'openid profile groups', resource }),
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { access_token: string }).access_token;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
