import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownNatsUrl } from '../launch/own-services.js';
import { knownNatsPasswords, natsPasswordsIn, natsUsers, urlAs } from './nats-passwords.js';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'muster-passwords-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the passwords of an installation', () => {
  it('are made once, each another, and readable by their owner only', () => {
    expect(knownNatsPasswords(dir)).toBeUndefined();
    const made = natsPasswordsIn(dir);
    expect(natsPasswordsIn(dir)).toEqual(made);
    expect(knownNatsPasswords(dir)).toEqual(made);
    expect(new Set(Object.values(made)).size).toBe(natsUsers(made).length);
    expect(statSync(join(dir, 'nats.passwords')).mode & 0o777).toBe(0o600);
  });

  it('are in the URL by which a tool reaches the own server as a controller, once there are any', () => {
    const env = { MUSTER_HOME: dir, MUSTER_NATS_PORT: '4444' };
    expect(ownNatsUrl(env, '/clone')).toBe('nats://127.0.0.1:4444');
    const made = natsPasswordsIn(dir);
    expect(ownNatsUrl(env, '/clone')).toBe(`nats://controller:${made.controller}@127.0.0.1:4444`);
    expect(ownNatsUrl({ ...env, MUSTER_NATS_URL: 'nats://own:1' }, '/clone')).toBe('nats://own:1');
    expect(urlAs('nats://h:1', 'agent', made)).toBe(`nats://agent:${made.agent}@h:1`);
  });
});
