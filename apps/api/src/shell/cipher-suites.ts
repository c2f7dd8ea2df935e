/** IANA's names of the suites that the vendor's controller knows (those of Go), and what OpenSSL calls them. */
const OPENSSL: Readonly<Record<string, string>> = {
  tls_aes_128_gcm_sha256: 'TLS_AES_128_GCM_SHA256',
  tls_aes_256_gcm_sha384: 'TLS_AES_256_GCM_SHA384',
  tls_chacha20_poly1305_sha256: 'TLS_CHACHA20_POLY1305_SHA256',
  tls_ecdhe_ecdsa_with_aes_128_gcm_sha256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  tls_ecdhe_ecdsa_with_aes_256_gcm_sha384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  tls_ecdhe_ecdsa_with_chacha20_poly1305_sha256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  tls_ecdhe_ecdsa_with_aes_128_cbc_sha: 'ECDHE-ECDSA-AES128-SHA',
  tls_ecdhe_ecdsa_with_aes_128_cbc_sha256: 'ECDHE-ECDSA-AES128-SHA256',
  tls_ecdhe_ecdsa_with_aes_256_cbc_sha: 'ECDHE-ECDSA-AES256-SHA',
  tls_ecdhe_rsa_with_aes_128_gcm_sha256: 'ECDHE-RSA-AES128-GCM-SHA256',
  tls_ecdhe_rsa_with_aes_256_gcm_sha384: 'ECDHE-RSA-AES256-GCM-SHA384',
  tls_ecdhe_rsa_with_chacha20_poly1305_sha256: 'ECDHE-RSA-CHACHA20-POLY1305',
  tls_ecdhe_rsa_with_aes_128_cbc_sha: 'ECDHE-RSA-AES128-SHA',
  tls_ecdhe_rsa_with_aes_128_cbc_sha256: 'ECDHE-RSA-AES128-SHA256',
  tls_ecdhe_rsa_with_aes_256_cbc_sha: 'ECDHE-RSA-AES256-SHA',
  tls_rsa_with_aes_128_gcm_sha256: 'AES128-GCM-SHA256',
  tls_rsa_with_aes_256_gcm_sha384: 'AES256-GCM-SHA384',
  tls_rsa_with_aes_128_cbc_sha: 'AES128-SHA',
  tls_rsa_with_aes_128_cbc_sha256: 'AES128-SHA256',
  tls_rsa_with_aes_256_cbc_sha: 'AES256-SHA',
};

/** Throws for a name that there is not. */
export function opensslName(name: string): string {
  const known = OPENSSL[name.toLowerCase()];
  if (known !== undefined) return known;
  throw new Error(`ANKA_CIPHER_SUITES names "${name}"; it must be of ${Object.keys(OPENSSL).join(', ')}`);
}
