import ipaddr from 'ipaddr.js';

const HIGHEST_PORT = 65_535;
/** `10.0.0.53`, `10.0.0.53:5353`, `[fd00::53]`, `[fd00::53]:5353`; an IPv6 address alone needs no brackets. */
const SERVER = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+))(?::(?<port>\d{1,5}))?$/;

/** Reads a list of DNS servers with commas between them. Throws when it is none. */
export function readDnsServers(text: string): string[] {
  const servers = text.split(',').map((part) => part.trim());
  const bad = servers.find((server) => !isServer(server));
  if (bad === undefined) return servers;
  throw new Error(
    `Cannot read DNS server "${bad}": it must be an IP address, and a port if need be, as [fd00::53]:5353`,
  );
}

function isServer(text: string): boolean {
  if (ipaddr.IPv6.isValid(text)) return true;
  const { v6, v4 = '', port = '53' } = SERVER.exec(text)?.groups ?? {};
  const isAddress = v6 === undefined ? ipaddr.IPv4.isValidFourPartDecimal(v4) : ipaddr.IPv6.isValid(v6);
  return isAddress && Number(port) >= 1 && Number(port) <= HIGHEST_PORT;
}
