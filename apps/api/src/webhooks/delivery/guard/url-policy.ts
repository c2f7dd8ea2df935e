import { AddressPolicy } from './address-policy.js';

/** URLs are kept and shown; a longer one is no address of a receiver. */
export const MAX_URL_LENGTH = 2_048;

/** Which receivers an operator lets webhooks be sent to. */
export interface ReceiverRules {
  /** Networks that are let in although they are not public, in CIDR notation. */
  readonly allowCidrs: readonly string[];
  readonly ports: readonly PortRange[];
  /** Whether plain HTTP is spoken. */
  readonly allowHttp: boolean;
}

/** Both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What may be asked of a URL before anybody connects: everything but what its name stands for. */
export class UrlPolicy {
  readonly addresses: AddressPolicy;

  constructor(private readonly rules: ReceiverRules) {
    this.addresses = new AddressPolicy(rules.allowCidrs);
  }

  /** Why nothing may be sent to a URL; undefined when its form is good. An address in it is judged, too, in whatever way it is written. */
  refusal(text: string): string | undefined {
    if (text.length > MAX_URL_LENGTH) return `the URL is longer than ${MAX_URL_LENGTH} characters`;
    if (!URL.canParse(text)) return 'it is no URL';
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.rules.allowHttp))
      return this.rules.allowHttp ? 'the URL must begin with https:// or http://' : 'the URL must begin with https://';
    if (url.username !== '' || url.password !== '' || hasUserInfo(text))
      return 'the URL must not hold a user or a password';
    const port = portOf(url);
    if (!this.rules.ports.some(({ from, to }) => from <= port && port <= to)) return `port ${port} is not allowed`;
    const address = addressIn(url);
    const why = address === undefined ? undefined : this.addresses.refusal(address);
    return why === undefined ? undefined : `address ${address} is not allowed: ${why}`;
  }
}

/** With an empty user and password, a URL parser shows neither; nobody writes that in good faith. */
const hasUserInfo = (text: string): boolean => /^[^/\\]*[/\\]{2}[^/\\?#]*@/.test(text);

export const portOf = ({ port, protocol }: URL): number =>
  port !== '' ? Number(port) : protocol === 'https:' ? 443 : 80;

/** The IP address which a URL holds in place of a name, as the parser has normalized it (`0x7f.1` is 127.0.0.1 by then). */
export function addressIn({ hostname }: URL): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^[\d.]+$/.test(hostname) ? hostname : undefined;
}

/** Reads a list as `443,8443,9000-9010`. Throws when it is none. */
export function readPorts(text: string): PortRange[] {
  return text.split(',').map((part) => {
    const [, from, to = from] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    const range = { from: Number(from), to: Number(to) };
    if (from === undefined || range.from < 1 || range.to > 65_535 || range.from > range.to)
      throw new Error(`Cannot read ports "${text}": they must be a list such as 443,8443,9000-9010`);
    return range;
  });
}
