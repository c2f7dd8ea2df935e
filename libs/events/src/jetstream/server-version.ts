/** The oldest server with everything that the ports use; Debian 12 brings 2.9.10. */
const OLDEST = { major: 2, minor: 9 };

/** Throws when the server is too old, or says nothing that could be a version. */
export function assertVersion(version: string): void {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  const isNew = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
  if (!isNew) throw new Error(`Cannot use nats-server ${version}: must be ${OLDEST.major}.${OLDEST.minor} or newer`);
}
