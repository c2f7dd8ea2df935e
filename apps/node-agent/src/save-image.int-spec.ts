import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Assignment, Report, TemplateImage } from '#domain';
import { systemClock } from '#events';
import { MemoryCommandQueue, MemoryDesiredState, MemoryHeartbeats, MemoryNats } from '#events/testing';
import { until } from '../../../test/support/until.js';
import { NodeAgent } from './agent/agent.js';
import { SILENT } from './agent/observer.js';
import { DEFAULT_OPTIONS } from './agent/options.js';
import { QemuDriver } from './drivers/qemu/qemu-driver.js';
import { demoTemplate } from './drivers/qemu/testing/demo-host.js';
import { HttpBlobSource } from './images/blob-source.http.js';
import { HttpLayerSink } from './images/layer-sink.http.js';
import { NodeTemplateCache } from './images/node-template-cache.js';
import { BlobServer } from './images/testing/blob-server.js';
import { FileVmNotes } from './notes/vm-notes.driver.js';
import { HttpScriptSource } from './scripts/script-source.http.js';
import { IMAGE, wishFor } from './testing/agent-world.js';

const LIMIT_MS = 180_000;
jest.setTimeout(3 * LIMIT_MS);

/** A node as it is in life, with real guests, files and HTTP; wishes and reports go through memory. */
describe('a guest that is saved', () => {
  const nats = new MemoryNats(systemClock);
  const desired = new MemoryDesiredState(nats.connect('control-plane'));
  const store = new BlobServer();
  let nodeDir: string;
  let apiUrl: string;
  let driver: QemuDriver;
  let notes: FileVmNotes | undefined;
  let demo: TemplateImage;
  let agent: NodeAgent;
  let asOf = 100;

  beforeAll(async () => {
    nodeDir = mkdtempSync(join(tmpdir(), 'muster-save-'));
    apiUrl = await store.listen();
    const { files, dir, cmdline } = await demoTemplate();
    const offered = (file: string) => store.offer(readFileSync(join(dir, file)));
    demo = {
      ...{ ...IMAGE, templateId: 'demo', cmdline },
      ...{ disk: offered(files.disk.file), kernel: offered(files.kernel.file), initrd: offered(files.initrd.file) },
    };
    agent = await startAgent();
  });
  afterAll(async () => {
    await agent.stop(5_000);
    for (const { vmId } of await driver.list()) await driver.destroy(vmId, 0);
    await notes?.close();
    await store.close();
    rmSync(nodeDir, { recursive: true, force: true });
  });

  async function startAgent(): Promise<NodeAgent> {
    const link = nats.connect('node-1');
    const api = { apiUrl };
    driver = new QemuDriver({ nodeDir });
    await notes?.close();
    notes = await FileVmNotes.open(join(nodeDir, 'vms.jsonl'));
    const facts = { name: 'n', host: '127.0.0.1', driver: 'qemu', driverVersion: '1', agentVersion: '1' } as const;
    const next = new NodeAgent(
      {
        ...{ nodeId: 'node-1', bootId: `b${asOf}` },
        facts: { ...facts, arch: 'amd64', cpuCount: 2, memoryMiB: 4096 },
        config: { capacityMode: 'number', capacity: 4, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
      },
      {
        ...{ clock: systemClock, observer: SILENT, driver },
        ...{ queue: new MemoryCommandQueue(link), desired: new MemoryDesiredState(link) },
        heartbeats: new MemoryHeartbeats(link),
        cache: new NodeTemplateCache({ nodeDir, source: new HttpBlobSource(api), clock: systemClock }),
        ...{ scripts: new HttpScriptSource(api), layers: new HttpLayerSink(api, systemClock) },
        notes,
        gauge: { read: () => ({ cpuUtil: 0, ramUtil: 0, diskBytes: 1, freeDiskBytes: 1 }) },
      },
      DEFAULT_OPTIONS,
    );
    await next.start();
    return next;
  }

  const wish = (...vms: Assignment[]): Promise<void> => desired.put('node-1', { asOf: ++asOf, vms });
  const vm = (vmId: string, rest: Partial<Assignment>): Assignment =>
    wishFor(vmId, 10, { cpu: 1, memoryMiB: 256, image: demo, ...rest });
  const script = (text: string) => store.offer(Buffer.from(text));

  /** The first report of the type about the VM, waited for. */
  async function told<T extends Report['type']>(type: T, vmId: string): Promise<Extract<Report, { type: T }>> {
    const found = (): Report | undefined => {
      for (let sequence = 1; sequence <= nats.commands.last; sequence++) {
        const { type: name, data } = JSON.parse(nats.commands.at(sequence).text) as { type: string; data: Report };
        if (name.endsWith(`.${type}`) && 'vmId' in data && data.vmId === vmId) return { ...data, type } as Report;
      }
      return undefined;
    };
    return (await until(`${type} of ${vmId}`, found, LIMIT_MS)) as Extract<Report, { type: T }>;
  }

  it('leaves a layer with what it wrote, though the agent is restarted meanwhile', async () => {
    const writing = { ...script('echo kept >/root/file'), when: 'boot', monitored: true } as const;
    await wish(vm('vm-1', { script: { ...writing, timeoutMs: 60_000, onFailure: 'keep' } }));
    await told('ReportVMStarted', 'vm-1');
    const save = { requestId: 'r1', script: script('echo more >>/root/file; echo done'), scriptTimeoutMs: 60_000 };
    await wish(vm('vm-1', { started: true, save: { ...save, cancelOnScriptFailure: true } }));
    await until('the guest is off', async () => (await driver.list())[0]?.status === 'stopped', LIMIT_MS);
    await agent.stop(0);
    agent = await startAgent();
    const { disk, scriptResult } = await told('ReportImageSaved', 'vm-1');
    expect(scriptResult).toMatchObject({ returnCode: 0, stdout: 'done\n' });
    expect(store.blobs.get(disk.digest)).toHaveLength(disk.sizeBytes);
    await wish(vm('vm-1', { started: true, wish: 'absent' }));
    await told('ReportVMTerminated', 'vm-1');
  });

  it('is what a VM of the new tag begins with, for which only the difference is pulled', async () => {
    const { disk } = await told('ReportImageSaved', 'vm-1');
    const image = { ...demo, tag: 'v2', base: [demo.disk], disk };
    store.requests.length = 0;
    const reading = { ...script('cat /root/file'), when: 'boot', monitored: true } as const;
    await wish(vm('vm-2', { epoch: 20, image, script: { ...reading, timeoutMs: 60_000, onFailure: 'keep' } }));
    const started = await told('ReportVMStarted', 'vm-2');
    expect(started.script).toMatchObject({ returnCode: 0, stdout: 'kept\nmore\n' });
    expect(store.requests).toEqual([disk, reading].map(({ digest }) => `GET ${digest.slice(0, 15)}`));
  });
});
