import type { X509Certificate } from 'node:crypto';

/** What of a request may say who makes it. */
export interface Caller {
  /** Of the connection, or of the client behind a trusted proxy. */
  readonly address: string;
  readonly authorization: string | undefined;
  /** Shown in the TLS handshake, or told by a trusted proxy. `unreadable`: the proxy told something that is none. */
  readonly certificate: X509Certificate | 'unreadable' | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The caller as a trusted ingress-nginx tells of it: it has verified the certificate itself, and says where the client is. */
export function callerBehindIngress(
  headers: Headers,
  connection: { readonly address: string },
  readCertificate: (pem: string) => X509Certificate,
): Caller {
  const address = textOf(headers['x-real-ip']) ?? connection.address;
  const authorization = textOf(headers['authorization']);
  const pem = textOf(headers['ssl-client-cert']);
  if (pem === undefined || pem === '') return { address, authorization, certificate: undefined };
  if (textOf(headers['ssl-client-verify']) !== 'SUCCESS') return { address, authorization, certificate: 'unreadable' };
  try {
    return { address, authorization, certificate: readCertificate(decodeURIComponent(pem)) };
  } catch {
    return { address, authorization, certificate: 'unreadable' };
  }
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
