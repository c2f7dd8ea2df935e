import { House } from './house.contract.js';
import { instance, join, push, seatOf } from './fleet.contract.js';

describe('the house for tests', () => {
  it('decides commands and shows them in the views before it answers', async () => {
    const house = new House().begin();
    await house.tell(push('v1', 'a'));
    await house.tell(join('mac-01'));
    const outcome = await house.tell({
      type: 'StartVM',
      vmIds: ['vm-1'],
      request: { templateId: push('v1', 'a').templateId },
    });
    expect(outcome.kind).toBe('accepted');
    expect((await house.vms.get('vm-1'))?.phase).toBe('assigned');
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, 'vm-1'), instance: instance() });
    expect((await house.vms.get('vm-1'))?.phase).toBe('running');
    expect((await house.nodes.get('mac-01'))?.use.vms).toBe(1);
    await house.end();
  });
});
