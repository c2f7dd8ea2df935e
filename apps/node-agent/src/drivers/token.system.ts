import { randomBytes } from 'node:crypto';

const TOKEN_BYTES = 12;

/** 24 hex digits that nobody can guess. */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}
