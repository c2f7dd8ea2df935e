import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { base64 } from '../support/instances.js';
import { AnkaActions } from './anka-actions.js';
import { goneFromList, type World } from './parts/world.js';

export function ankaActionsContract(world: () => World): void {
  describe('the GitHub actions', () => {
    const actions = () => new AnkaActions(world().wire);

    it('bring an instance with a runner up, find it by their own id, and take it down', async () => {
      const external_id = randomUUID();
      const startup_script = base64('cd actions-runner \\\n  && ./config.sh --url "x" \\\n  && ./svc.sh start');
      const order = { vmid: world().template, tag: 'v2', external_id, startup_script, vcpu: 1, vram: 256 };
      const id = await actions().start(order);
      const states = new Set<string>();
      await actions().up(id, (state) => states.add(state));
      expect([...states].every((state) => ['Scheduling', 'Pulling', 'Started'].includes(state))).toBe(true);
      expect(await actions().idOf(external_id)).toBe(id);
      await actions().down(id);
      await goneFromList(world(), id);
      expect(await actions().idOf(external_id)).toBeUndefined();
    });

    it('take a token with an empty user name where none is asked for', async () => {
      expect(await new AnkaActions(world().wire, 'some-root-token').idOf('nobody')).toBeUndefined();
    });

    it('tell what the startup script wrote when it failed', async () => {
      const startup_script = base64('echo "no runner here" >&2\nexit 1\n');
      const id = await actions().start({ vmid: world().template, external_id: randomUUID(), startup_script });
      await expect(actions().up(id)).rejects.toThrow(
        /^VM failed to start: startup script exit code 1: no runner here$/,
      );
      await actions().down(id);
    });

    it('tell that there is no such template, or no such tag', async () => {
      const start = (vmid: string, tag?: string) =>
        actions().start({ vmid, external_id: randomUUID(), ...(tag && { tag }) });
      await expect(start(randomUUID())).rejects.toThrow('status code 400: VM not in the registry');
      await expect(start(world().template, 'v9')).rejects.toThrow('API response status:FAIL No such tag v9');
    });

    it('give up on an instance that is terminated while it is scheduled', async () => {
      const { template, wire, parkedNode } = world();
      const order = { vmid: template, external_id: randomUUID(), node_id: parkedNode };
      const id = await new AnkaActions(wire).start(order);
      await actions().down(id);
      await expect(actions().up(id)).rejects.toThrow('VM failed to start');
    });

    it('take an instance down that is down', async () => {
      const id = await actions().start({ vmid: world().template, external_id: randomUUID() });
      await actions().down(id);
      await actions().down(id);
    });
  });
}
