import { describe, expect, it } from '@jest/globals';
import { assertVersion } from './server-version.js';

describe('the version of the server', () => {
  it.each(['2.9.0', '2.9.10', '2.10.27', '2.15.1-RC.2', '3.0.0'])('%s will do', (version) => {
    expect(() => assertVersion(version)).not.toThrow();
  });

  it.each(['2.8.4', '1.4.1', 'unknown', ''])('%j is refused, with what it must be', (version) => {
    expect(() => assertVersion(version)).toThrow(`Cannot use nats-server ${version}: must be 2.9 or newer`);
  });
});
