import { createHash } from 'node:crypto';

/** The controller whose contract these routes keep; clients take the part before the hyphen as a number. */
const SPOKEN_VERSION = '1.50.1';
/** As in package.json. */
export const RELEASE = '0.1.0';
/** Nothing is held back: clients offer groups, priorities and events only to this one. */
export const LICENSE = 'enterprise plus';

/** X.Y.Z-hash. */
export const CONTROLLER_VERSION = `${SPOKEN_VERSION}-${hashOf(`muster ${RELEASE}`)}`;

/** A version as X.Y.Z-hash; one that has a hash already stays as it is. */
export function withBuild(version: string): string {
  return /^\d+\.\d+\.\d+-[0-9a-z]+$/i.test(version) ? version : `${version}-${hashOf(version)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
