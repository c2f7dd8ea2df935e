import { createServer, type AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { blobFileName } from '../../images/blob-name.js';
import { systemClock } from '../clock.system.js';
import type { BlobRef, HostVm } from '../driver.js';
import { LOG_TAIL_BYTES, MAX_LOG_BYTES } from './limits.js';
import { PROBE_MARK, probeDisk } from './probe-guest.js';
import { runTool } from './run-tool.driver.js';
import { DemoHost, qemuProcesses, READY_LIMIT_MS, TEST_LIMIT_MS } from './testing/demo-host.js';
import type { VmRecord } from './vm-record.js';

jest.setTimeout(TEST_LIMIT_MS);

const never = new AbortController().signal;

describe('the QEMU driver on its host', () => {
  let host: DemoHost;

  beforeAll(async () => {
    host = await DemoHost.make();
  });

  afterEach(async () => {
    const driver = host.driver();
    for (const { vmId } of await driver.list()) await driver.destroy(vmId, 0);
  });

  afterAll(() => host.remove());

  const recordFile = (vmId: string): string => join(host.nodeDir, 'vms', vmId, 'vm.json');
  const pidOf = ({ uuid }: HostVm): number => qemuProcesses(uuid)[0] ?? 0;

  it('leaves no process and no file after destroy', async () => {
    const driver = host.driver();
    const vm = await driver.start(host.spec('short'), never);
    expect(qemuProcesses(vm.uuid)).toHaveLength(1);
    await driver.destroy('short', 0);
    expect(qemuProcesses(vm.uuid)).toEqual([]);
    expect(() => statSync(join(host.nodeDir, 'vms', 'short'))).toThrow('ENOENT');
  });

  it('sees that a VM has ended by itself', async () => {
    const driver = host.driver();
    const vm = await driver.start(host.spec('killed'), never);
    process.kill(pidOf(vm), 'SIGKILL');
    while (qemuProcesses(vm.uuid).length > 0) await systemClock.sleep(20);
    expect(await driver.list()).toEqual([expect.objectContaining({ vmId: 'killed', status: 'stopped' })]);
  });

  it('finds a VM whose start was recorded only in part', async () => {
    const vm = await host.driver().start(host.spec('lost'), never);
    const { launch: _, ...record } = JSON.parse(readFileSync(recordFile('lost'), 'utf8')) as VmRecord;
    writeFileSync(recordFile('lost'), JSON.stringify(record));
    const next = host.driver();
    expect(await next.list()).toEqual([expect.objectContaining({ status: 'running', uuid: vm.uuid })]);
    await next.destroy('lost', 0);
    expect(qemuProcesses(vm.uuid)).toEqual([]);
  });

  it('does not take another process for its VM', async () => {
    const vm = await host.driver().start(host.spec('imposter'), never);
    process.kill(pidOf(vm), 'SIGKILL');
    const record = JSON.parse(readFileSync(recordFile('imposter'), 'utf8')) as VmRecord;
    const launch = { ...record.launch, pid: process.pid };
    writeFileSync(recordFile('imposter'), JSON.stringify({ ...record, launch }));
    const next = host.driver();
    expect(await next.list()).toEqual([expect.objectContaining({ status: 'stopped' })]);
    await next.destroy('imposter', 0);
  });

  it('passes over a port that somebody else listens on', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as AddressInfo;
    try {
      const driver = host.driver({ firstPort: port });
      const forwards = [{ name: 'ssh', guestPort: 22, hostPort: port }];
      await expect(driver.start(host.spec('named', { forwards }), never)).rejects.toMatchObject({
        code: 'PORT_IN_USE',
      });
      expect(await driver.list()).toEqual([]);
      const low = host.driver({ firstPort: 10_000 });
      const [one, two] = await Promise.all([low.start(host.spec('one'), never), low.start(host.spec('two'), never)]);
      expect(one.forwards[0]?.hostPort).not.toBe(two.forwards[0]?.hostPort);
    } finally {
      await new Promise((resolve) => busy.close(resolve));
    }
  });

  it('refuses a disk that names a file of the host', async () => {
    const digest = `sha256:${'f'.repeat(64)}`;
    const spec = host.spec('hostile');
    const path = join(host.nodeDir, 'blobs', blobFileName(digest));
    const bytes = Buffer.from(readFileSync(join(host.nodeDir, 'blobs', blobFileName(spec.image.disk.digest))));
    bytes.writeBigUInt64BE(112n, 8);
    bytes.writeUInt32BE(11, 16);
    writeFileSync(path, bytes);
    const image = { ...spec.image, disk: { digest, sizeBytes: bytes.length } };
    const driver = host.driver();
    await expect(driver.start({ ...spec, image }, never)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    expect(await driver.list()).toEqual([]);
  });

  it('says when the template is not in the cache', async () => {
    const spec = host.spec('missing');
    const image = { ...spec.image, disk: { digest: `sha256:${'e'.repeat(64)}`, sizeBytes: 1 } };
    await expect(host.driver().start({ ...spec, image }, never)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });

  it('restarts a VM whose template has left the cache', async () => {
    const driver = host.driver();
    const spec = host.spec('independent');
    await driver.start(spec, never);
    const blob = join(host.nodeDir, 'blobs', blobFileName(spec.image.disk.digest));
    const bytes = readFileSync(blob);
    rmSync(blob);
    try {
      expect(await driver.restart('independent', 1, never)).toMatchObject({ status: 'running', restarts: 1 });
    } finally {
      writeFileSync(blob, bytes);
    }
  });

  it('cuts an overgrown serial log, and QEMU goes on behind the cut', async () => {
    const driver = host.driver();
    await driver.start(host.spec('chatty'), never);
    await driver.waitReady('chatty', READY_LIMIT_MS, never);
    const log = join(host.nodeDir, 'vms', 'chatty', 'q', 'serial.log');
    const chat = `yes 0123456789 | head -c ${MAX_LOG_BYTES + 100_000} >/dev/console; echo last words >/dev/console`;
    await driver.runScript('chatty', Buffer.from(chat), 60_000, never);
    expect(statSync(log).size).toBeGreaterThan(MAX_LOG_BYTES);
    await driver.list();
    expect(statSync(log).size).toBeLessThanOrEqual(LOG_TAIL_BYTES);
    expect(readFileSync(log, 'utf8')).toContain('last words');
    await driver.runScript('chatty', Buffer.from('echo more words >/dev/console'), 60_000, never);
    expect(readFileSync(log).subarray(0, 8).includes(0)).toBe(false);
    expect(readFileSync(log, 'utf8')).toContain('more words');
  });

  it('asks the agent of a guest that does not heed the power button, and forces one that heeds nothing', async () => {
    const driver = host.driver();
    const bootWithout = async (programs: string): Promise<void> => {
      await driver.start(host.spec('stubborn'), never);
      await driver.waitReady('stubborn', READY_LIMIT_MS, never);
      await driver.runScript('stubborn', Buffer.from(`(sleep 1; killall ${programs}) &`), 60_000, never);
      await systemClock.sleep(3000);
    };
    const stopMs = async (graceMs: number): Promise<number> => {
      const before = systemClock.now();
      await driver.stop('stubborn', graceMs);
      expect(await driver.list()).toEqual([expect.objectContaining({ status: 'stopped' })]);
      return systemClock.now() - before;
    };
    await bootWithout('acpid');
    const asked = await stopMs(30_000);
    expect(asked).toBeGreaterThanOrEqual(15_000);
    expect(asked).toBeLessThan(30_000);
    await bootWithout('acpid qemu-ga');
    expect(await stopMs(2000)).toBeGreaterThanOrEqual(2000);
  });

  it('kills the script of a caller who gives up', async () => {
    const driver = host.driver();
    await driver.start(host.spec('impatient'), never);
    await driver.waitReady('impatient', READY_LIMIT_MS, never);
    const caller = new AbortController();
    const running = driver.runScript('impatient', Buffer.from('sleep 4321'), 60_000, caller.signal);
    const stopped = expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await systemClock.sleep(1000);
    caller.abort();
    await stopped;
    const count = await driver.runScript('impatient', Buffer.from('ps | grep -c "[s]leep 4321"'), 60_000, never);
    expect(count.stdout).toBe('0\n');
  });
});

describe('a node whose directory has a long name', () => {
  it('still reaches the sockets of its VMs', async () => {
    const host = await DemoHost.make({}, `${'long-name/'.repeat(12)}node`);
    try {
      const driver = host.driver();
      await driver.start(host.spec('far'), never);
      expect(await driver.waitReady('far', READY_LIMIT_MS, never)).toMatchObject({ guestIp: '10.0.2.15' });
      await driver.stop('far', 30_000);
      expect(await driver.list()).toEqual([expect.objectContaining({ status: 'stopped' })]);
    } finally {
      await host.remove();
    }
  });
});

describe('a VM without kernel of its own', () => {
  it('is booted by the firmware from its disk', async () => {
    const host = await DemoHost.make();
    try {
      const disk = await bootableBlob(join(host.nodeDir, 'blobs'));
      const driver = host.driver();
      await driver.start(host.spec('firmware', { image: { templateId: 't', tag: 'v1', disk } }), never);
      const log = join(host.nodeDir, 'vms', 'firmware', 'q', 'serial.log');
      const end = Date.now() + READY_LIMIT_MS;
      while (!readFileSync(log, 'latin1').includes(PROBE_MARK) && Date.now() < end) await systemClock.sleep(100);
      expect(readFileSync(log, 'latin1')).toContain(PROBE_MARK);
    } finally {
      await host.remove();
    }
  });
});

/** A qcow2 disk whose boot sector prints a mark, as a blob of the cache. */
async function bootableBlob(blobDir: string): Promise<BlobRef> {
  const [raw, disk] = [join(blobDir, 'raw'), join(blobDir, 'disk')];
  writeFileSync(raw, probeDisk());
  const { code, stderr } = await runTool(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, disk]);
  if (code !== 0) throw new Error(stderr);
  const bytes = readFileSync(disk);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  renameSync(disk, join(blobDir, blobFileName(digest)));
  return { digest, sizeBytes: bytes.length };
}
