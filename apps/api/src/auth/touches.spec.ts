import type { Command } from '#domain';
import { Reach } from './reach.js';

const save = {
  type: 'SaveImage',
  requestId: 'save-1',
  vmId: 'vm-1',
  tag: 'v2',
  description: '',
  suspend: false,
  scriptTimeoutMs: 1000,
  cancelOnScriptFailure: false,
  revertBeforePush: false,
  suspendSanityTest: false,
} as const;

describe('what is done to a template', () => {
  it.each<[string, Command]>([
    ['delete_revert', { type: 'RevertTemplate', templateId: 't' }],
    ['delete_revert', { type: 'DeleteRegistryVm', templateId: 't' }],
    ['set_arch', { type: 'SetTemplateArch', templateId: 't', arch: 'arm64' }],
    ['save_image', { ...save, target: { templateId: 't' } }],
  ])('needs %s of it', (permission, command) => {
    const reach = (...permissions: string[]) => new Reach([{ type: 'template', id: 't', permissions }]);
    expect(() => reach('list', 'pull').check(command)).toThrow();
    expect(() => reach(permission).check(command)).not.toThrow();
  });

  it('needs nothing of a template that it makes', () => {
    const command: Command = { ...save, target: { newTemplateId: 'u', newTemplateName: 'u' } };
    expect(() => new Reach([]).check(command)).not.toThrow();
  });
});
