import type { Command, DomainEvent } from '#domain';
import { nodeId, templateId, vmId } from '#domain';
import { commandSubject, eventSubject, heartbeatSubject, token, untoken } from './subjects.js';

const seat = { vmId: 'vm.1', nodeId: 'mac.mini-01', epoch: 3 };

describe('the subject', () => {
  it.each<[Command, string]>([
    [{ type: 'StartVM', vmIds: ['a'], request: { templateId: 't' } }, 'muster.cmd.vm.StartVM'],
    [{ type: 'ConfigNode', nodeId: 'n', config: {} }, 'muster.cmd.node.ConfigNode'],
    [{ type: 'DeleteRegistryVm', templateId: 't' }, 'muster.cmd.template.DeleteRegistryVm'],
    [{ type: 'DeleteApiKey', store: 'controller', keyId: 'k' }, 'muster.cmd.apikey.DeleteApiKey'],
    [{ type: 'DeleteWebhook', webhookId: 'w' }, 'muster.cmd.webhook.DeleteWebhook'],
    [{ type: 'RunTimers' }, 'muster.cmd.cluster.RunTimers'],
    [{ type: 'MarkNodeSilent', nodeId: 'n', lastBeatAt: 0 }, 'muster.cmd.node.MarkNodeSilent'],
    [{ type: 'ReportVMTerminated', ...seat }, 'muster.rpt.mac=2Emini-01.ReportVMTerminated'],
    [{ type: 'UnregisterNode', nodeId: 'n' }, 'muster.rpt.n.UnregisterNode'],
  ])('of command %j is %s', (command, subject) => expect(commandSubject(command)).toBe(subject));

  it.each<[DomainEvent, string]>([
    [{ type: 'VMRemoved', vmId: vmId('vm.1') }, 'muster.evt.vm.vm=2E1.VMRemoved'],
    [{ type: 'VMPulling', vmId: vmId('a'), nodeId: nodeId('n') }, 'muster.evt.vm.a.VMPulling'],
    [{ type: 'NodeOffline', nodeId: nodeId('n') }, 'muster.evt.node.n.NodeOffline'],
    [{ type: 'TemplatePulled', nodeId: nodeId('n'), templateId: 't', tag: 'v1' }, 'muster.evt.node.n.TemplatePulled'],
    [{ type: 'DeleteRegistryVm', templateId: templateId('t') }, 'muster.evt.template.t.DeleteRegistryVm'],
    [
      { type: 'DeleteApiKey', store: 'controller', keyId: 'a.b c' },
      'muster.evt.apikey.controller=2Fa=2Eb=20c.DeleteApiKey',
    ],
    [
      { type: 'DeletePermissionGroup', store: 'registry', grantee: { kind: 'user', name: 'x' } },
      'muster.evt.permission.registry=2Fuser=2Fx.DeletePermissionGroup',
    ],
    [{ type: 'CommandFailed', commandType: 'StartVM', message: '' }, 'muster.evt.cluster.cluster.CommandFailed'],
  ])('of event %j is %s', (event, subject) => expect(eventSubject(event)).toBe(subject));

  it('of a heartbeat is of the node', () => expect(heartbeatSubject('mac.mini-01')).toBe('muster.hb.mac=2Emini-01'));
});

describe('an id as a token', () => {
  it.each(['a', 'a.b.c', 'a-b_c', '3f2b8c1e-0000', 'group/Dev > *.x', 'ü=("é") 100%', 'a\u{1f600}'])(
    'comes back: %s',
    (id) => {
      expect(token(id)).toMatch(/^[A-Za-z0-9_=-]+$/);
      expect(untoken(token(id))).toBe(id);
    },
  );
});
