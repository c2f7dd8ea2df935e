import { type Environment, readSettings } from '#events';
import { opensslName } from './cipher-suites.js';

/** How the API speaks TLS. */
export interface TlsConfig {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** In the words of OpenSSL, colons between; undefined: those of Node. */
  readonly ciphers?: string;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

const VERSIONS = { 'tls_1.0': 'TLSv1', 'tls_1.1': 'TLSv1.1', 'tls_1.2': 'TLSv1.2', 'tls_1.3': 'TLSv1.3' } as const;

/** Undefined: plain HTTP. Throws for settings that cannot go together and for names of ciphers that there are not. */
export function readTlsConfig(env: Environment = process.env): TlsConfig | undefined {
  const settings = readSettings(env, [
    'ANKA_USE_HTTPS',
    'ANKA_SERVER_CERT',
    'ANKA_SERVER_KEY',
    'ANKA_MIN_TLS_VERSION',
    'ANKA_MAX_TLS_VERSION',
    'ANKA_CIPHER_SUITES',
  ]);
  if (!settings.ANKA_USE_HTTPS) return undefined;
  const { ANKA_SERVER_CERT: certificateFile, ANKA_SERVER_KEY: keyFile, ANKA_CIPHER_SUITES: suites } = settings;
  if (certificateFile === undefined || keyFile === undefined)
    throw new Error('ANKA_USE_HTTPS is true: ANKA_SERVER_CERT and ANKA_SERVER_KEY must be set');
  const [minVersion, maxVersion] = [VERSIONS[settings.ANKA_MIN_TLS_VERSION], VERSIONS[settings.ANKA_MAX_TLS_VERSION]];
  if (minVersion > maxVersion) throw new Error('ANKA_MIN_TLS_VERSION must not be newer than ANKA_MAX_TLS_VERSION');
  const ciphers = suites?.split(',').map((name) => opensslName(name.trim()));
  return { certificateFile, keyFile, minVersion, maxVersion, ...(ciphers && { ciphers: ciphers.join(':') }) };
}
