import {
  MAX_NAME_LENGTH,
  MAX_FORWARDS,
  MAX_METADATA_KEYS,
  MAX_METADATA_VALUE_LENGTH,
  MAX_SCRIPT_TIMEOUT_MS,
} from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import { isDigest } from '../template/template.js';
import type { ForwardRule, Metadata, StartupScript } from './vm.js';

const MAX_PORT = 65_535;
const SCALARS = ['string', 'number', 'boolean'];

export function tooLong(field: string, value: string | undefined, max: number): Refusal | undefined {
  if (value === undefined || value.length <= max) return undefined;
  return { code: 'INVALID', field, message: `is ${value.length} characters long: must be at most ${max}` };
}

export function checkMetadata(metadata: Metadata | undefined): Refusal | undefined {
  if (metadata === undefined) return undefined;
  const entries = Object.entries(metadata);
  if (entries.length > MAX_METADATA_KEYS) {
    return {
      code: 'INVALID',
      field: 'metadata',
      message: `has ${entries.length} keys: must have at most ${MAX_METADATA_KEYS}`,
    };
  }
  for (const [key, value] of entries) {
    if (!SCALARS.includes(typeof value))
      return { code: 'INVALID', field: `metadata.${key.slice(0, 64)}`, message: 'must be text, a number or a boolean' };
    const refusal = tooLong(`metadata.${key.slice(0, 64)}`, `${key}${String(value)}`, MAX_METADATA_VALUE_LENGTH);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export function checkForwards(forwards: readonly ForwardRule[] | undefined): Refusal | undefined {
  if (forwards === undefined) return undefined;
  if (forwards.length > MAX_FORWARDS) {
    return {
      code: 'INVALID',
      field: 'forwards',
      message: `has ${forwards.length} rules: must have at most ${MAX_FORWARDS}`,
    };
  }
  const hostPorts = new Set<number>();
  for (const { name, guestPort, hostPort } of forwards) {
    const refusal =
      tooLong('forwards', name, MAX_NAME_LENGTH) ??
      outOfRange('guest_port', guestPort, 1, MAX_PORT) ??
      (hostPort === undefined ? undefined : outOfRange('host_port', hostPort, 1, MAX_PORT));
    if (refusal !== undefined) return refusal;
    if (hostPort === undefined) continue;
    if (hostPorts.has(hostPort))
      return { code: 'INVALID', field: 'forwards', message: `names host port ${hostPort} twice` };
    hostPorts.add(hostPort);
  }
  return undefined;
}

export function checkScript(script: StartupScript | undefined): Refusal | undefined {
  if (script === undefined) return undefined;
  if (!isDigest(script.digest))
    return { code: 'INVALID', field: 'script.digest', message: 'must be sha256: and 64 hex digits' };
  return outOfRange('script_timeout', script.timeoutMs, 1, MAX_SCRIPT_TIMEOUT_MS);
}
