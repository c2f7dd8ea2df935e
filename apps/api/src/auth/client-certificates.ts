// What reads revocation lists needs it, and does not bring it.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { PublicKey, X509Crl } from '@peculiar/x509';
import type { Clock } from '#events';
import { Unauthenticated } from './failures.js';
import type { Principal } from './principal.js';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PEM_CRL = /-----BEGIN X509 CRL-----[\s\S]+?-----END X509 CRL-----/g;
/** Extended key usage: to show as a client who one is. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

interface Authority {
  readonly certificate: X509Certificate;
  readonly revoked: ReadonlySet<bigint>;
}

/**
 * Which client certificates are good, and whose they are. A certificate counts when an authority of the file has signed it itself, both
 * are within their time, it is not on the authority's revocation list, and its usage is not restricted to something else.
 */
export class ClientCertificates {
  private constructor(
    private readonly authorities: readonly Authority[],
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** `revocations` is PEM (one list or several) or DER. Throws when a file holds none of what it must, or a list of a stranger. */
  static async open(
    authoritiesPem: string,
    revocations: Uint8Array | undefined,
    clock: Pick<Clock, 'now'>,
  ): Promise<ClientCertificates> {
    const certificates = (authoritiesPem.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
    if (certificates.length === 0) throw new Error('The file of ANKA_CA_CERT holds no certificate in PEM');
    const lists = revocations === undefined ? [] : listsIn(revocations);
    const serials = certificates.map(() => new Set<bigint>());
    for (const list of lists) {
      const signer = await signerOf(list, certificates);
      for (const { serialNumber } of list.entries) serials[signer]?.add(BigInt(`0x${serialNumber}`));
    }
    const authorities = certificates.map((certificate, n) => ({ certificate, revoked: serials[n] ?? new Set() }));
    return new ClientCertificates(authorities, clock);
  }

  /** Throws `Unauthenticated` with the reason when the certificate is not good. */
  principalOf(certificate: X509Certificate): Principal {
    const issuer = this.authorities.find(
      (authority) =>
        authority.certificate.ca &&
        certificate.checkIssued(authority.certificate) &&
        certificate.verify(authority.certificate.publicKey),
    );
    if (issuer === undefined) throw new Unauthenticated('the certificate is of another authority');
    this.checkTime(certificate);
    this.checkTime(issuer.certificate);
    if (issuer.revoked.has(BigInt(`0x${certificate.serialNumber}`)))
      throw new Unauthenticated('the certificate was revoked');
    // The type says that there is always a list.
    const usage = certificate.keyUsage as readonly string[] | undefined;
    if (usage !== undefined && !usage.includes(CLIENT_AUTH))
      throw new Unauthenticated('the certificate is not for clients');
    return ownerOf(certificate);
  }

  private checkTime({ validFrom, validTo }: X509Certificate): void {
    const now = this.clock.now();
    if (now < Date.parse(validFrom) || now > Date.parse(validTo))
      throw new Unauthenticated('a certificate is not within its time');
  }
}

/** User: the common name. Groups: the organisational units, else the organisations (anka.md §1.5). */
function ownerOf(certificate: X509Certificate): Principal {
  // Typed as texts, and lists where there are several.
  const subject = certificate.toLegacyObject().subject as Partial<Record<'CN' | 'OU' | 'O', string | string[]>>;
  const [user] = all(subject.CN);
  if (user === undefined || user === '') throw new Unauthenticated('the certificate has no common name');
  const units = all(subject.OU);
  return { user, groups: units.length > 0 ? units : all(subject.O), mode: 'certificate', isRoot: false };
}

const all = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function listsIn(bytes: Uint8Array): X509Crl[] {
  const pem = Buffer.from(bytes).toString('latin1').match(PEM_CRL);
  return pem === null ? [new X509Crl(bytes.slice())] : pem.map((text) => new X509Crl(text));
}

async function signerOf(list: X509Crl, certificates: readonly X509Certificate[]): Promise<number> {
  for (const [n, { publicKey }] of certificates.entries()) {
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    // A key of another kind than the list was signed with is an error, not an answer.
    const isSigner = await list.verify({ publicKey: new PublicKey(spki) }).catch(() => false);
    if (isSigner) return n;
  }
  throw new Error('The file of ANKA_CRL holds a list that no authority of ANKA_CA_CERT has signed');
}
