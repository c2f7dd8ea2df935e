import { type Environment, readSettings } from '#events';
import { type MacRange, readMacRange } from '../../mac-range.js';
import type { FailStatus } from './fail-status.js';

/** What an operator may set about these routes. */
export interface AnkaConfig {
  /** Registry URL to show, without credentials; undefined: our own, as the client addressed it. */
  readonly registry?: string;
  /** Every answer carries Access-Control-Allow-Origin. */
  readonly allowCors: boolean;
  readonly failStatus: FailStatus;
  /** MAC addresses that are given out; absent: they are not managed. */
  readonly macRange?: MacRange;
  /** Users may have API keys. */
  readonly apiKeys: boolean;
}

export const ANKA_CONFIG = Symbol('AnkaConfig');

/** Throws when the registry is required and not set. */
export function readAnkaConfig(env: Environment = process.env): AnkaConfig {
  const settings = readSettings(env, [
    'ANKA_ANKA_REGISTRY',
    'ANKA_ALLOW_EMPTY_REGISTRY',
    'ANKA_ALLOW_CORS',
    'MUSTER_ANKA_FAIL_STATUS',
    'ANKA_ENABLE_API_KEYS',
  ]);
  const registry = settings.ANKA_ANKA_REGISTRY;
  if (registry === undefined && !settings.ANKA_ALLOW_EMPTY_REGISTRY) {
    throw new Error('Setting ANKA_ANKA_REGISTRY is not set: it must be, as ANKA_ALLOW_EMPTY_REGISTRY is false');
  }
  const macRange = readMacRange(env);
  const { ANKA_ALLOW_CORS: allowCors, MUSTER_ANKA_FAIL_STATUS: failStatus } = settings;
  const shown = registry === undefined ? {} : { registry: withoutCredentials(registry) };
  const { ANKA_ENABLE_API_KEYS: apiKeys } = settings;
  return { ...shown, ...(macRange && { macRange }), allowCors, apiKeys, failStatus };
}

/** Whoever lists instances reads the URL: name and password in it are for those who were given them. */
const withoutCredentials = (url: string): string => url.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
