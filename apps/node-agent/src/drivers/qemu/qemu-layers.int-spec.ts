import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { jest } from '@jest/globals';
import { blobFileName } from '../../images/blob-name.js';
import { judgeQcow2 } from '../../images/qcow2-header.js';
import type { BlobRef, TemplateImage } from '../driver.js';
import type { QemuDriver } from './qemu-driver.js';
import { DemoHost, READY_LIMIT_MS, TEST_LIMIT_MS } from './testing/demo-host.js';

jest.setTimeout(3 * TEST_LIMIT_MS);

const never = new AbortController().signal;
const GRACE_MS = 60_000;

describe('a disk in layers', () => {
  let host: DemoHost;
  let driver: QemuDriver;
  let images: TemplateImage[];

  beforeAll(async () => {
    host = await DemoHost.make();
    driver = host.driver();
    images = [host.spec('any').image];
  });
  afterAll(() => host.remove());

  const blobFile = ({ digest }: BlobRef): string => join(host.nodeDir, 'blobs', blobFileName(digest));

  async function digestOf(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return `sha256:${hash.digest('hex')}`;
  }

  /** Boots a VM of the image, has it run the script, powers it off. What the script printed. */
  async function session(vmId: string, image: TemplateImage, script: string): Promise<string> {
    await driver.start(host.spec(vmId, { image }), never);
    await driver.waitReady(vmId, READY_LIMIT_MS, never);
    const { stdout, returnCode } = await driver.runScript(vmId, Buffer.from(script), 60_000, never);
    expect(returnCode).toBe(0);
    await driver.stop(vmId, GRACE_MS);
    return stdout;
  }

  /** Puts the VM's layer where pulled ones are, and gives the image that ends with it. */
  async function saved(vmId: string, image: TemplateImage): Promise<TemplateImage> {
    const layer = await driver.commit(vmId, never);
    writeFileSync(blobFile(layer), Buffer.from(await (await layer.open()).arrayBuffer()));
    const { digest, sizeBytes } = layer;
    return { ...image, tag: vmId, base: [...(image.base ?? []), image.disk], disk: { digest, sizeBytes } };
  }

  it('holds in its upper layer what the guest wrote, and no more, and names no other file', async () => {
    const [demo] = images as [TemplateImage];
    await session('first', demo, 'echo one >/root/one; rm -f /etc/motd');
    const image = await saved('first', demo);
    images.push(image);
    const bytes = readFileSync(blobFile(image.disk));
    expect(judgeQcow2(bytes)).toMatchObject({ ok: true });
    expect(bytes.includes('base.qcow2')).toBe(false);
    expect(bytes.length).toBeLessThan(statSync(blobFile(demo.disk)).size / 2);
  });

  it('is whole for a VM that stands on all layers, three of them too', async () => {
    const [, two] = images as [TemplateImage, TemplateImage];
    const seen = await session('second', two, 'cat /root/one; test ! -e /etc/motd; echo two >/root/two');
    expect(seen).toBe('one\n');
    const three = await saved('second', two);
    expect(three.base).toHaveLength(2);
    expect(await session('third', three, 'cat /root/one /root/two')).toBe('one\ntwo\n');
  });

  it('never changes the layers below', async () => {
    for (const { base = [], disk } of images)
      for (const layer of [...base, disk]) expect(await digestOf(blobFile(layer))).toBe(layer.digest);
  });

  it('lets the VM go on from its disk after its layer was made', async () => {
    const [demo] = images as [TemplateImage];
    expect(await session('first', demo, 'cat /root/one; echo more >/root/more')).toBe('one\n');
    const again = await driver.commit('first', never);
    expect(again.digest).not.toBe((images[1] as TemplateImage).disk.digest);
  });

  it('refuses to save a disk that was made to reach for other files', async () => {
    const disk = join(host.nodeDir, 'vms', 'third', 'q', 'disk.qcow2');
    const bytes = readFileSync(disk);
    bytes.writeBigUInt64BE(4n, 72);
    writeFileSync(disk, bytes);
    await expect(driver.commit('third', never)).rejects.toMatchObject({ code: 'IMAGE_INVALID', retryable: false });
  });

  it('is not made of a layer that is missing', async () => {
    const [demo, two] = images as [TemplateImage, TemplateImage];
    rmSync(blobFile(demo.disk));
    await expect(driver.start(host.spec('fourth', { image: two }), never)).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
    });
    expect((await driver.list()).map(({ vmId }) => vmId)).not.toContain('fourth');
  });
});
