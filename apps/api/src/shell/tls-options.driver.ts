import { readFileSync } from 'node:fs';
import type { TlsConfig } from './tls.config.js';

/** What the server is told about TLS. */
export type TlsOptions = ReturnType<typeof tlsOptions>;

/**
 * Reads the files of the listener. With `authoritiesFile` clients are asked for a certificate; whether it is good is decided where it
 * is decided behind a proxy as well, so the handshake lets every certificate pass. Throws, naming the file.
 */
export function tlsOptions(config: TlsConfig, authoritiesFile?: string) {
  const { certificateFile, keyFile, ciphers, minVersion, maxVersion } = config;
  return {
    cert: read('ANKA_SERVER_CERT', certificateFile),
    key: read('ANKA_SERVER_KEY', keyFile),
    minVersion,
    maxVersion,
    ...(ciphers !== undefined && { ciphers }),
    ...(authoritiesFile !== undefined && {
      ca: read('ANKA_CA_CERT', authoritiesFile),
      requestCert: true,
      rejectUnauthorized: false,
    }),
  };
}

/** Throws, naming the setting. */
export function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`Cannot read the file ${path} of setting ${setting}`, { cause });
  }
}
