/** What the client needs to know from a URL, which it does not take apart itself. */
export interface Servers {
  readonly servers: string[];
  /** The same, fit for messages. */
  readonly shown: string;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  readonly tls?: Record<string, never>;
}

/** Reads `nats://user:password@host:port[,…]`, `nats://token@host` or `tls://…`. Throws for anything else. */
export function serversOf(url: string): Servers {
  const urls = url.split(',').map((part) => parsed(part.trim()));
  const servers = urls.map(({ host }) => host);
  const user = urls.find(({ username }) => username !== '');
  return {
    servers,
    shown: servers.join(', '),
    ...(user && credentialsOf(user)),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
  };
}

function parsed(part: string): URL {
  const candidate = part.includes('://') ? part : `nats://${part}`;
  if (!URL.canParse(candidate))
    throw new TypeError('Cannot read the NATS URL: must be nats://host:port or tls://host:port');
  const url = new URL(candidate);
  if (url.protocol !== 'nats:' && url.protocol !== 'tls:')
    throw new TypeError(`Cannot reach NATS by ${url.protocol}//${url.host}: must be nats:// or tls://`);
  return url;
}

function credentialsOf({ username, password }: URL): Pick<Servers, 'user' | 'pass' | 'token'> {
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}
