import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { SampledHostGauge } from './host-gauge.driver.js';

const BUSY_LIMIT_MS = 10_000;

describe('the gauge of the host', () => {
  it('measures processors, memory and disk', async () => {
    const gauge = new SampledHostGauge(tmpdir(), () => undefined);
    await gauge.start(10);
    // The system counts in hundredths of a second, and not at all while the machine itself waits: busy until it shows.
    const end = Date.now() + BUSY_LIMIT_MS;
    while (gauge.read().cpuUtil === 0 && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
    gauge.stop();
    const { cpuUtil, ramUtil, diskBytes, freeDiskBytes } = gauge.read();
    expect(cpuUtil).toBeGreaterThan(0);
    expect(cpuUtil).toBeLessThanOrEqual(1);
    expect(ramUtil).toBeGreaterThan(0);
    expect(ramUtil).toBeLessThan(1);
    expect(diskBytes).toBeGreaterThan(freeDiskBytes);
    expect(freeDiskBytes).toBeGreaterThan(0);
  });

  it('goes on without the disk when that cannot be measured', async () => {
    const faults: unknown[] = [];
    const gauge = new SampledHostGauge('/no/such/folder', (cause) => faults.push(cause));
    await gauge.start(60_000);
    gauge.stop();
    expect(faults).toHaveLength(1);
    expect(gauge.read().ramUtil).toBeGreaterThan(0);
  });
});
