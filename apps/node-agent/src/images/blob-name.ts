import { DriverError } from '../drivers/driver.js';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** File name of a blob: `sha256-<hex>`. Throws `INVALID_ARGUMENT` for anything that is no digest, so no name can leave the directory. */
export function blobFileName(digest: string): string {
  if (!isDigest(digest)) {
    throw new DriverError(
      'INVALID_ARGUMENT',
      `Blob digest is ${JSON.stringify(digest).slice(0, 90)}, must be sha256: and 64 hex digits.`,
      false,
    );
  }
  return digest.replace(':', '-');
}
