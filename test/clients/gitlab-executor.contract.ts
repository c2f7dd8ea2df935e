import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { GitlabExecutor } from './gitlab-executor.js';
import { goneFromList, type World } from './parts/world.js';
import { TimedOut } from './parts/wire.js';

export function gitlabExecutorContract(world: () => World): void {
  describe('the GitLab custom executor', () => {
    const executor = () => new GitlabExecutor(world().wire);
    const job = (name: string) => ({ external_id: `https://gitlab.example/ci/jobs/${name}` });

    it('prepares an instance, finds it again by the URL of its job, connects, and cleans up', async () => {
      const { templateName } = world();
      const vmid = await executor().templateIdOf(templateName);
      const id = await executor().create({ vmid, ...job('1'), tag: 'v1', priority: 500, vcpu: 1, vram: 256 });
      const states = new Set<string>();
      await executor().prepared(id, (state) => states.add(state));
      expect([...states].pop()).toBe('Started');
      const found = await executor().instanceOf(job('1').external_id);
      expect(found).toMatchObject({ instance_id: id, instance_state: 'Started' });
      expect(await executor().sshAddressOf(found)).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      await executor().terminate(found.instance_id);
      await expect(executor().instanceOf(job('1').external_id)).rejects.toThrow('not found');
      await goneFromList(world(), id);
    });

    it('sees a pull get on, and never more than all of it', async () => {
      const id = await executor().create({
        vmid: await world().slowTemplate(),
        ...job('2'),
        node_id: world().openNode,
      });
      const seen: [string, number][] = [];
      await executor().prepared(id, (state, progress) => seen.push([state, progress]));
      const pulling = seen.filter(([state]) => state === 'Pulling').map(([, progress]) => progress);
      expect(pulling.length).toBeGreaterThan(0);
      expect(pulling).toEqual([...pulling].sort((a, b) => a - b));
      expect(seen.every(([state, progress]) => (state === 'Pulling' ? progress <= 1 : progress === 0))).toBe(true);
      await executor().terminate(id);
    });

    it('tells the job why it gets no instance', async () => {
      const { template } = world();
      const start = (vmid: string, tag?: string) => executor().create({ vmid, ...job('3'), ...(tag && { tag }) });
      await expect(start('11111111-2222-4333-4444-555555555555')).rejects.toThrow(
        /^status code: 400, error: VM not in the registry$/,
      );
      await expect(start(template, 'no-such')).rejects.toThrow('error: No such tag no-such');
    });

    it('aborts when the script of the instance fails, and does not find it to clean up', async () => {
      const startup_script = base64('echo boom >&2\nexit 7\n');
      const id = await executor().create({ vmid: world().template, ...job('4'), startup_script });
      await expect(executor().prepared(id)).rejects.toThrow('unexpected state: Error');
      await expect(executor().instanceOf(job('4').external_id)).rejects.toThrow('not found (Error)');
      await executor().terminate(id);
    });

    it('aborts when somebody terminates the instance while it is prepared', async () => {
      const { template: vmid, parkedNode: node_id } = world();
      const id = await executor().create({ vmid, ...job('5'), node_id });
      expect((await executor().instance(id)).instance_state).toBe('Scheduling');
      await executor().terminate(id);
      await expect(executor().prepared(id)).rejects.toThrow(/unexpected state: Terminat(ing|ed)/);
    });

    it('finds the instance of a start whose answer never came', async () => {
      const order = { vmid: world().template, ...job('6') };
      await expect(executor().create(order, 1)).rejects.toThrow(TimedOut);
      // The runner tries again; what the first attempt began can be found and ended all the same.
      const second = await executor().create(order);
      await executor().prepared(second);
      for (;;) {
        const found = await executor()
          .instanceOf(order.external_id)
          .catch(() => undefined);
        if (found === undefined) break;
        await executor().terminate(found.instance_id);
      }
    });

    it('reads a list in which an instance failed before it was on any host', async () => {
      const id = await world().failedWithoutHost();
      const listed = await executor().instance(id);
      expect(listed).toMatchObject({ instance_state: 'Error', vminfo: undefined });
      await expect(executor().instanceOf('nothing of that kind')).rejects.toThrow('not found');
      await executor().terminate(id);
    });
  });
}
