import { jest } from '@jest/globals';
import { driverContract } from '../driver.contract.js';
import { DemoHost, READY_LIMIT_MS, TEST_LIMIT_MS } from './testing/demo-host.js';

jest.setTimeout(TEST_LIMIT_MS);

const hosts: DemoHost[] = [];

afterAll(async () => {
  for (const host of hosts) await host.remove();
});

driverContract('qemu', async () => {
  const host = await DemoHost.make();
  hosts.push(host);
  return {
    driver: () => host.driver(),
    spec: (vmId, overrides) => host.spec(vmId, overrides),
    readyMs: READY_LIMIT_MS,
    graceMs: 30_000,
    scriptMs: 60_000,
  };
});
