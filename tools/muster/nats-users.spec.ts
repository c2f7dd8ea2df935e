import { natsUsersFor } from './nats-users.js';

describe('the users for a NATS server of one’s own', () => {
  it('have passwords of their own, and each node an agent that is held to it', () => {
    let made = 0;
    const text = natsUsersFor(['mac.01', 'mac.02'], () => `p${made++}`);
    for (const [n, user] of ['controller', 'reader', 'commander', 'mac.01', 'mac.02'].entries())
      expect(text).toContain(`{ user: "${user}", password: "p${n}"`);
    expect(text).toContain('"muster.rpt.mac=2E02.*"');
    expect(text).not.toContain('no_auth_user');
  });

  it('have other passwords every time', () => expect(natsUsersFor([])).not.toBe(natsUsersFor([])));
});
