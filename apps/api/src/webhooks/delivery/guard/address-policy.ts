import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/**
 * IPv4 that is not of the public Internet: the special-purpose registry of IANA (RFC 6890 and what amends it), and what is reserved. The
 * first that holds an address names it.
 */
const FORBIDDEN_V4: readonly (readonly [name: string, ...ranges: string[]])[] = [
  ['unspecified', '0.0.0.0/8'],
  ['loopback', '127.0.0.0/8'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['link-local', '169.254.0.0/16'],
  ['shared by carriers (CGNAT)', '100.64.0.0/10'],
  ['multicast', '224.0.0.0/4'],
  ['broadcast', '255.255.255.255/32'],
  ['for benchmarks', '198.18.0.0/15'],
  ['for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ['for protocols', '192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24'],
  ['reserved', '240.0.0.0/4'],
];

/** IPv6 by the same registry. What is not here must still be global unicast, so a range that is yet to be invented is refused. */
const FORBIDDEN_V6: readonly (readonly [name: string, ...ranges: string[]])[] = [
  ['unspecified', '::/128'],
  ['loopback', '::1/128'],
  ['IPv4 in IPv6', '::ffff:0:0/96', '::/96', '::ffff:0:0:0/96'],
  ['NAT64', '64:ff9b::/96', '64:ff9b:1::/48'],
  ['6to4', '2002::/16'],
  ['Teredo', '2001::/32'],
  ['for benchmarks', '2001:2::/48'],
  ['for documentation', '2001:db8::/32', '3fff::/20'],
  ['for protocols', '2001::/23', '2620:4f:8000::/48'],
  ['unique local', 'fc00::/7'],
  ['link-local', 'fe80::/10'],
  ['site-local', 'fec0::/10'],
  ['multicast', 'ff00::/8'],
];
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

const parsed = (table: readonly (readonly [string, ...string[]])[]): readonly (readonly [string, Range])[] =>
  table.flatMap(([name, ...texts]) => texts.map((text) => [name, ipaddr.parseCIDR(text)] as const));
const V4 = parsed(FORBIDDEN_V4);
const V6 = parsed(FORBIDDEN_V6);

/**
 * Which addresses may be connected to. The library reads addresses and compares prefixes; which ranges are forbidden stands here, because
 * its own list still takes `::7f00:1` (127.0.0.1 in an old dress) for an ordinary address.
 */
export class AddressPolicy {
  private readonly allowed: readonly Range[];

  /** `allowCidrs`: networks of the operator, let in whatever they are. Throws when one is not a network in CIDR notation. */
  constructor(allowCidrs: readonly string[] = []) {
    this.allowed = allowCidrs.map(readCidr);
  }

  /** Why an address must not be connected to; undefined when it may. Whatever is no address in its usual form may not. */
  refusal(text: string): string | undefined {
    const address = readAddress(text);
    if (address === undefined) return 'it is no IP address';
    if (this.allowed.some((range) => isIn(address, range))) return undefined;
    const name = (address.kind() === 'ipv4' ? V4 : V6).find(([, range]) => isIn(address, range))?.[0];
    if (name !== undefined) return `it is ${name}`;
    return address.kind() === 'ipv6' && !isIn(address, GLOBAL_UNICAST_V6) ? 'it is not global unicast' : undefined;
  }
}

/** Only what resolvers and sockets write. A zone (`fe80::1%eth0`) is of this host alone, so such an address is none. */
function readAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

function readCidr(text: string): Range {
  const [address = '', ...rest] = text.split('/');
  if (
    readAddress(address) === undefined ||
    rest.length !== 1 ||
    !/^\d{1,3}$/.test(rest[0] ?? '') ||
    !ipaddr.isValidCIDR(text)
  )
    throw new Error(
      `Cannot read network "${text}": it must be an address and the length of its prefix, as 10.0.0.0/8 or fd00::/8`,
    );
  return ipaddr.parseCIDR(text);
}

function isIn(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
