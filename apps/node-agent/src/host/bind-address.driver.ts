import { networkInterfaces } from 'node:os';

const LOOPBACK = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';

/**
 * The IPv4 address on which forwarded ports are opened so that clients find them at `host`: that very address when this machine has it,
 * all of them when `host` is a name or leads here through somebody else's translation.
 */
export function bindAddress(host: string, own: readonly string[] = ownAddresses()): string {
  if (host === 'localhost' || host === '::1') return LOOPBACK;
  return own.includes(host) || host.startsWith('127.') ? host : EVERYWHERE;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((found) => found?.map(({ address }) => address) ?? []);
}
