import { createConnection, createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { jest } from '@jest/globals';
import type { FenceMode } from './options.js';
import { findTool, runTool } from './run-tool.driver.js';
import { DemoHost, READY_LIMIT_MS, TEST_LIMIT_MS } from './testing/demo-host.js';

jest.setTimeout(TEST_LIMIT_MS);

const never = new AbortController().signal;
const VM_ID = 'fenced-vm';
const SECRET = 'a-service-of-the-host';

/** Address on which a service of the host listens, and the one under which a guest would find it. */
interface Way {
  listen: string;
  dial: string;
}

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
  .map(({ address }): Way => ({ listen: address, dial: address }));
const WAYS: Way[] = [{ listen: '127.0.0.1', dial: '10.0.2.2' }, ...outside.slice(0, 1)];

/** Packet filter rules need root and a kernel that has them. */
async function availableModes(): Promise<FenceMode[]> {
  const nft = process.getuid?.() === 0 ? findTool('nft') : undefined;
  const works = nft !== undefined && (await runTool([nft, 'list', 'tables'])).code === 0;
  return works ? ['nft', 'restrict', 'none'] : ['restrict', 'none'];
}

/** A service that greets everybody who connects. */
async function greeter(address: string): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${SECRET}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** What the host's own listener on the port says first. */
function banner(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('data', (chunk: Buffer) => {
      socket.destroy();
      resolve(chunk.toString('latin1'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`Port ${port} closed without a word`)));
  });
}

describe.each(await availableModes())('with the fence "%s"', (fence) => {
  let host: DemoHost;
  let sshPort = 0;
  const run = async (script: string): Promise<string> => {
    const result = await host.driver().runScript(VM_ID, Buffer.from(script), 60_000, never);
    return result.stdout + result.stderr;
  };

  beforeAll(async () => {
    host = await DemoHost.make({ fence });
    const driver = host.driver();
    const vm = await driver.start(host.spec(VM_ID), never);
    sshPort = vm.forwards[0]?.hostPort ?? 0;
    await driver.waitReady(VM_ID, READY_LIMIT_MS, never);
  });

  afterAll(() => host.remove());

  const isOpen = fence === 'none';
  it.each(WAYS)(`the guest ${isOpen ? 'reaches' : 'does not reach'} a service on $listen`, async ({ listen, dial }) => {
    const { server, port } = await greeter(listen);
    try {
      const heard = await run(`nc -w 5 ${dial} ${port} </dev/null`);
      if (isOpen) expect(heard).toContain(SECRET);
      else expect(heard).toMatch(/refused|unreachable/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('the forwarded SSH port answers', async () => {
    expect(await banner(sshPort)).toMatch(/^SSH-2\.0-/);
  });

  it(`the guest ${fence === 'restrict' ? 'gets no' : 'gets an'} answer of the host's name server`, async () => {
    const answer = await run('nslookup debian.org 10.0.2.3');
    const server = /Server:\s+10\.0\.2\.3/;
    if (fence === 'restrict') expect(answer).not.toMatch(server);
    else expect(answer).toMatch(server);
  });
});
