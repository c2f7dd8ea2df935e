import 'reflect-metadata';
import { type webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type JsonName,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const CLIENT = '1.3.6.1.5.5.7.3.2';
const SERVER = '1.3.6.1.5.5.7.3.1';

/** A certificate and its private key, as PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
  readonly parsed: NodeCertificate;
}

export interface Wanted {
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** What it may be used for. */
  readonly usage?: 'client' | 'server';
  /** The name for which it vouches. */
  readonly host?: string;
}

/** Certificates as people make them for their fleets, of an authority of their own. */
export class TestAuthority {
  private serial = 0;

  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly own: X509Certificate,
    private readonly now: number,
  ) {}

  get pem(): string {
    return this.own.toString('pem');
  }

  static async make(name: string, now: number): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const own = await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: `CN=${name}`,
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + 365 * DAY_MS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    });
    return new TestAuthority(keys, own, now);
  }

  async issue(
    subject: JsonName | string,
    { notBefore, notAfter, usage = 'client', host = 'localhost' }: Wanted = {},
  ): Promise<Identity> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const made = await X509CertificateGenerator.create({
      serialNumber: (0xa0 + ++this.serial).toString(16).padStart(4, '0'),
      subject,
      issuer: this.own.subject,
      notBefore: new Date(notBefore ?? this.now - DAY_MS),
      notAfter: new Date(notAfter ?? this.now + DAY_MS),
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false),
        new ExtendedKeyUsageExtension([usage === 'client' ? CLIENT : SERVER]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: host },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const certificate = made.toString('pem');
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
    return { certificate, key, parsed: new NodeCertificate(certificate) };
  }

  /** The list of those that are good no longer. */
  async revoke(...identities: readonly Identity[]): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: this.own.subject,
      thisUpdate: new Date(this.now),
      nextUpdate: new Date(this.now + DAY_MS),
      entries: identities.map(({ parsed }) => ({
        serialNumber: parsed.serialNumber,
        revocationDate: new Date(this.now),
      })),
      signingAlgorithm: ALGORITHM,
      signingKey: this.keys.privateKey,
    });
    return list.toString('pem');
  }
}
