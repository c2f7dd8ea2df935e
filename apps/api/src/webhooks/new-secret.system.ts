import { randomBytes } from 'node:crypto';
import { SECRET_BYTES, secretText } from './secrets.js';

/** A secret that nobody else has. */
export const newSecret = (): string => secretText(randomBytes(SECRET_BYTES));
