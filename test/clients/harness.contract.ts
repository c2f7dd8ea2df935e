import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { HarnessRunner } from './harness.js';
import { goneFromList, type World } from './parts/world.js';

export function harnessContract(world: () => World): void {
  describe('the Harness and Drone runner', () => {
    const runner = () => new HarnessRunner(world().wire);
    const order = (script = 'echo agent is up\n') => ({
      ...{ name: 'runner-pool-AbCd1234', vmid: world().template, startup_script: base64(script) },
    });

    it('takes the controller for running and licensed', () => runner().ping());

    it('creates an instance with texts for numbers and no disk size, and destroys it', async () => {
      const texts = { count: '1', priority: '200', version: '0', disk: {} };
      const { instance, port } = await runner().create({ ...order(), ...texts });
      expect(port).toBeGreaterThan(0);
      expect(instance).toMatchObject({ tag: 'v1', vminfo: { host_ip: '127.0.0.1' }, ts: expect.any(Date) });
      const { list, destroy } = { list: await runner().list(), destroy: () => runner().destroy(instance.instance_id) };
      expect(list.find((one) => one.instance_id === instance.instance_id)?.name).toBe('runner-pool-AbCd1234');
      await destroy();
      await goneFromList(world(), instance.instance_id);
    });

    it('destroys each of three instances whose script fails, and gives up', async () => {
      const failing = runner();
      await expect(failing.create(order('exit 9\n'))).rejects.toThrow('failed to create vm after 3 retries');
      expect(failing.creations).toBe(3);
      const kept = (await runner().list()).filter(
        ({ vm }) => vm.name === order().name && vm.instance_state === 'Error',
      );
      expect(kept).toEqual([]);
    });

    it('tries three times for a template that is not there, and meets no empty list', async () => {
      const asking = runner();
      const unknown = { ...order(), vmid: 'f00df00d-0000-4000-8000-000000000000' };
      await expect(asking.create(unknown)).rejects.toThrow('after 3 retries');
      expect(asking.creations).toBe(3);
    });

    it('takes an instance for destroyed that it never heard of', () => runner().destroy('never-heard-of'));
  });
}
