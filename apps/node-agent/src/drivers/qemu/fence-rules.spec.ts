import { fenceRules, nameServers } from './fence-rules.js';

const uids = { uidBase: 50_000, uidCount: 256 };

describe('the fence', () => {
  it('is put up in one step, in place of the one before', () => {
    expect(fenceRules('muster-1', uids, [])).toMatch(
      /^add table inet muster-1\ndelete table inet muster-1\ntable inet muster-1 \{/,
    );
  });

  it('refuses what the whole range of users begins on the loopback, after letting answers pass', () => {
    const rules = fenceRules('muster-1', uids, []).split('\n');
    const answers = rules.findIndex((rule) => rule.includes('skuid 50000-50255 ct state established,related accept'));
    const refusal = rules.findIndex((rule) => rule.includes('skuid 50000-50255 oifname "lo" reject'));
    expect(answers).toBeGreaterThan(0);
    expect(refusal).toBeGreaterThan(answers);
  });

  it("lets the host's resolver answer, on its own port only", () => {
    const rules = fenceRules('muster-1', uids, nameServers('# x\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\n'));
    expect(rules).toContain('oifname "lo" ip daddr { 127.0.0.53 } meta l4proto { tcp, udp } th dport 53 accept');
    expect(rules).not.toContain('eth0');
  });
});
