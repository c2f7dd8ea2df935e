import { createHash } from 'node:crypto';
import { DriverError, SCRIPT_OUTPUT_LIMIT_BYTES, type DriverErrorCode, type VmDriver, type VmSpec } from './driver.js';

/** One host under test, and how long things may take on it. */
export interface DriverHarness {
  /** A driver on the host; each call gives one as it is after a restart of the agent. */
  driver(): VmDriver;
  /** A VM that can run here, with one forward named `ssh` to port 22. */
  spec(vmId: string, overrides?: Partial<VmSpec>): VmSpec;
  readyMs: number;
  graceMs: number;
  /** Shorter than any script that sleeps for a minute, longer than one that only prints. */
  scriptMs: number;
}

const SUCCEEDS = 'echo seen; echo told >&2; exit 3';
const PRINTS_TOO_MUCH = 'head -c 400000 /dev/zero | tr "\\0" x; echo end';
const OVERRUNS = 'echo begun; sleep 60';
/** What a driver that runs no real shell has to know about the scripts above. */
export const CONTRACT_SCRIPTS = { SUCCEEDS, PRINTS_TOO_MUCH, OVERRUNS };

const never = new AbortController().signal;

/** What every driver keeps, whatever runs the VMs. */
export function driverContract(name: string, makeHarness: () => Promise<DriverHarness>): void {
  describe(`driver ${name}`, () => {
    let harness: DriverHarness;
    let driver: VmDriver;
    const refused = (code: DriverErrorCode): unknown => expect.objectContaining({ name: 'DriverError', code });
    const listed = async (vmId: string) => (await driver.list()).find((vm) => vm.vmId === vmId);

    beforeAll(async () => {
      harness = await makeHarness();
      driver = harness.driver();
    });

    it('says what the host can run', async () => {
      const capabilities = await driver.probe();
      expect(capabilities.driver).toBe(driver.name);
      expect(capabilities.cpuCount).toBeGreaterThan(0);
      expect(capabilities.memoryMiB).toBeGreaterThan(0);
      expect(capabilities.accelerator).not.toBe('');
    });

    describe('a VM from start to end', () => {
      const vmId = 'contract-vm';
      const run = (script: string) => driver.runScript(vmId, Buffer.from(script), harness.scriptMs, never);

      it('runs, with its port forwarded', async () => {
        const vm = await driver.start(harness.spec(vmId), never);
        expect(vm).toMatchObject({ vmId, status: 'running', restarts: 0 });
        expect(vm.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(vm.forwards).toEqual([
          { name: 'ssh', guestPort: 22, hostPort: expect.any(Number) as number, protocol: 'tcp' },
        ]);
        expect(vm.forwards[0]?.hostPort).toBeGreaterThanOrEqual(10_000);
      });

      it('is none of the unknown ones', async () => {
        expect(await driver.listUnknown()).not.toContain(vmId);
        await driver.endUnknown('nobody-knows-this-one');
        expect(await listed(vmId)).toMatchObject({ status: 'running' });
      });

      it('is not started twice', async () => {
        const before = await listed(vmId);
        const again = await driver.start(harness.spec(vmId), never);
        expect(again).toMatchObject({ uuid: before?.uuid, startedAt: before?.startedAt, forwards: before?.forwards });
        expect((await driver.list()).filter((vm) => vm.vmId === vmId)).toHaveLength(1);
      });

      it('is not mistaken for its next incarnation', async () => {
        const next = harness.spec(vmId);
        await expect(driver.start({ ...next, epoch: next.epoch + 1 }, never)).rejects.toEqual(
          refused('INVALID_ARGUMENT'),
        );
        expect(await listed(vmId)).toMatchObject({ epoch: next.epoch, status: 'running' });
      });

      it('gives up waiting for a guest that is still booting', async () => {
        await expect(driver.waitReady(vmId, 1, never)).rejects.toEqual(refused('GUEST_UNREACHABLE'));
      });

      it('gets ready and tells its address', async () => {
        const vm = await driver.waitReady(vmId, harness.readyMs, never);
        expect(vm.guestIp).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        expect(await listed(vmId)).toEqual(vm);
      });

      it('runs a script and returns both streams and the code', async () => {
        expect(await run(SUCCEEDS)).toEqual({ returnCode: 3, didTimeout: false, stdout: 'seen\n', stderr: 'told\n' });
      });

      it('keeps the tail of a long output', async () => {
        const { stdout } = await run(PRINTS_TOO_MUCH);
        expect(Buffer.byteLength(stdout)).toBe(SCRIPT_OUTPUT_LIMIT_BYTES);
        expect(stdout.endsWith('xend\n')).toBe(true);
      });

      it('kills a script that overruns, and says so', async () => {
        const result = await driver.runScript(vmId, Buffer.from(OVERRUNS), Math.min(1500, harness.scriptMs), never);
        expect(result).toMatchObject({ returnCode: -1, didTimeout: true });
      });

      it('is found again by the driver of the next agent', async () => {
        const before = await listed(vmId);
        driver = harness.driver();
        expect(await listed(vmId)).toEqual(before);
        expect((await run(SUCCEEDS)).returnCode).toBe(3);
      });

      it('restarts once per wish, with the same ports', async () => {
        const before = await listed(vmId);
        const after = await driver.restart(vmId, 1, never);
        expect(after).toMatchObject({ status: 'running', restarts: 1, forwards: before?.forwards, uuid: before?.uuid });
        expect(after.startedAt).toBeGreaterThan(before?.startedAt ?? Infinity);
        expect(await driver.restart(vmId, 1, never)).toMatchObject({ startedAt: after.startedAt, restarts: 1 });
        await driver.waitReady(vmId, harness.readyMs, never);
        expect((await run(SUCCEEDS)).returnCode).toBe(3);
      });

      it('has no layer to give while it runs', async () => {
        await expect(driver.commit(vmId, never)).rejects.toEqual(refused('INVALID_ARGUMENT'));
        await expect(driver.commit('nobody', never)).rejects.toEqual(refused('INVALID_ARGUMENT'));
      });

      it('stops, and stays on the host', async () => {
        await driver.stop(vmId, harness.graceMs);
        const vm = await listed(vmId);
        expect(vm).toMatchObject({ status: 'stopped', stoppedAt: expect.any(Number) as number });
        await driver.stop(vmId, harness.graceMs);
        expect(await listed(vmId)).toEqual(vm);
      });

      it('is out of reach while it is stopped', async () => {
        await expect(run(SUCCEEDS)).rejects.toEqual(refused('GUEST_UNREACHABLE'));
        await expect(driver.waitReady(vmId, 1000, never)).rejects.toEqual(refused('GUEST_UNREACHABLE'));
      });

      it('gives what it has written as a layer, the same one whenever it is asked', async () => {
        const layer = await driver.commit(vmId, never);
        const bytes = Buffer.from(await (await layer.open()).arrayBuffer());
        expect(layer.sizeBytes).toBe(bytes.length);
        expect(layer.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
        driver = harness.driver();
        const { digest, sizeBytes } = await driver.commit(vmId, never);
        expect({ digest, sizeBytes }).toEqual({ digest: layer.digest, sizeBytes: layer.sizeBytes });
        await expect(driver.commit(vmId, AbortSignal.abort())).rejects.toEqual(refused('CANCELLED'));
        expect(await listed(vmId)).toMatchObject({ status: 'stopped' });
      });

      it('starts again from its disk', async () => {
        const before = await listed(vmId);
        const vm = await driver.start(harness.spec(vmId), never);
        expect(vm).toMatchObject({
          status: 'running',
          restarts: 1,
          createdAt: before?.createdAt,
          forwards: before?.forwards,
        });
        expect(vm.stoppedAt).toBeUndefined();
      });

      it('is gone after destroy, which may be repeated', async () => {
        await driver.destroy(vmId, 0);
        expect(await listed(vmId)).toBeUndefined();
        await driver.destroy(vmId, 0);
        await driver.stop(vmId, 0);
        await expect(driver.restart(vmId, 9, never)).rejects.toEqual(refused('INVALID_ARGUMENT'));
      });
    });

    it('gives a named host port to one VM only, and leaves nothing of the other', async () => {
      const first = await driver.start(harness.spec('port-one'), never);
      const hostPort = first.forwards[0]?.hostPort ?? 0;
      const forwards = [
        { name: 'any', guestPort: 80 },
        { name: 'ssh', guestPort: 22, hostPort },
      ];
      await expect(driver.start(harness.spec('port-two', { forwards }), never)).rejects.toEqual(refused('PORT_IN_USE'));
      expect(await listed('port-two')).toBeUndefined();
      const third = await driver.start(harness.spec('port-three'), never);
      expect(third.forwards[0]?.hostPort).not.toBe(hostPort);
      await Promise.all([driver.destroy('port-one', 0), driver.destroy('port-three', 0)]);
      expect(await driver.list()).toEqual([]);
    });

    it.each(['../etc', '-rf', 'a/b', '', 'A', 'a\n', 'x'.repeat(64)])('refuses the id %j', async (vmId) => {
      await expect(driver.start(harness.spec(vmId), never)).rejects.toEqual(refused('INVALID_ARGUMENT'));
      await expect(driver.destroy(vmId, 0)).rejects.toBeInstanceOf(DriverError);
      expect(await driver.list()).toEqual([]);
    });

    it('starts nothing for a caller who has given up', async () => {
      await expect(driver.start(harness.spec('late'), AbortSignal.abort())).rejects.toEqual(refused('CANCELLED'));
      expect(await listed('late')).toBeUndefined();
    });
  });
}
