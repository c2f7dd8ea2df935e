import { natsPermissions, natsUsersText } from './nats-users.js';

describe('what NATS lets a client do', () => {
  it('is everything for a controller, and nothing of the log itself for anybody else', () => {
    expect(natsPermissions({ role: 'controller' })).toEqual({ publish: ['>'], subscribe: ['>'] });
    const others = [
      natsPermissions({ role: 'agent' }),
      natsPermissions({ role: 'reader' }),
      natsPermissions({ role: 'commander', inbox: '_INBOX_ci' }),
    ];
    for (const { publish, subscribe } of others) {
      expect(
        publish.filter((subject) => /^(>|muster\.(>|\*|evt)|\$JS\.API\.(>|STREAM\.(>|\*)))/.test(subject)),
      ).toEqual([]);
      expect(subscribe).not.toContain('>');
    }
  });

  it('is held to one node for its agent, whatever characters are in the id', () => {
    const { publish, subscribe } = natsPermissions({ role: 'agent', nodeId: 'mac.01' });
    expect(publish).toContain('muster.rpt.mac=2E01.*');
    expect(publish.every((subject) => /mac=2E01|MSG\.NEXT/.test(subject))).toBe(true);
    expect(subscribe).toEqual(['_INBOX_node.mac=2E01.>']);
  });

  it('is what doors take for a commander, or less, and never what nodes report or the control plane tells itself', () => {
    const { publish } = natsPermissions({ role: 'commander', inbox: '_INBOX_ci' });
    expect(publish).toEqual(expect.arrayContaining(['muster.cmd.vm.StartVM', 'muster.cmd.node.ConfigNode']));
    expect(publish.filter((subject) => /RunTimers|MarkNode|muster\.rpt/.test(subject))).toEqual([]);
    const one = natsPermissions({ role: 'commander', inbox: '_INBOX_ci', commands: ['TerminateVM'] });
    expect(one).toEqual({ publish: ['muster.cmd.vm.TerminateVM'], subscribe: ['_INBOX_ci.>'] });
  });
});

describe('the text for nats-server', () => {
  it('keeps names and passwords inside their quotes', () => {
    const text = natsUsersText([{ user: 'a"b', password: 'c\n}', is: { role: 'reader' } }], 'a"b');
    expect(text).toContain('no_auth_user: "a\\"b"');
    expect(text).toContain('user: "a\\"b", password: "c\\n}"');
  });
});
