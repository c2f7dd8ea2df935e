import type { UidRange } from './options.js';

/** Cloud metadata services and other link-local neighbours. */
const LINK_LOCAL_V4 = '169.254.0.0/16';
const LINK_LOCAL_V6 = 'fe80::/10';

/**
 * The packet filter table, as input of `nft -f`: replaces the table in one step. Connections which processes of the range begin to
 * the host itself are refused, whatever address of the host they use; answers on forwarded ports pass, as does the host's resolver.
 */
export function fenceRules(table: string, uids: UidRange, resolvers: readonly string[]): string {
  const who = `meta skuid ${uids.uidBase}-${uids.uidBase + uids.uidCount - 1}`;
  const local = resolvers.filter((address) => /^[\d.]+$/.test(address));
  const dns =
    local.length === 0
      ? ''
      : `    ${who} oifname "lo" ip daddr { ${local.join(', ')} } meta l4proto { tcp, udp } th dport 53 accept\n`;
  return (
    `add table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n  chain output {\n` +
    `    type filter hook output priority filter; policy accept;\n` +
    `    ${who} ct state established,related accept\n${dns}` +
    `    ${who} oifname "lo" meta l4proto tcp reject with tcp reset\n` +
    `    ${who} oifname "lo" reject\n` +
    `    ${who} ip daddr ${LINK_LOCAL_V4} reject\n` +
    `    ${who} ip6 daddr ${LINK_LOCAL_V6} reject\n  }\n}\n`
  );
}

/** Addresses of the name servers in resolv.conf's text. */
export function nameServers(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '');
}
