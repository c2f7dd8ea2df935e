import { randomBytes } from 'node:crypto';

const NONCE_BYTES = 16;

/** Unguessable, of 22 characters out of letters, digits, `-` and `_`. */
export const newNonce = (): string => randomBytes(NONCE_BYTES).toString('base64url');
