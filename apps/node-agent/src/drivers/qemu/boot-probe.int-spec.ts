import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { systemClock } from '../clock.system.js';
import type { Clock } from '../clock.js';
import { probeBoot, type BootProbe } from './boot-probe.driver.js';
import { findByArgument } from './process.driver.js';
import { requireTool } from './run-tool.driver.js';
import { DemoHost, TEST_LIMIT_MS } from './testing/demo-host.js';

jest.setTimeout(TEST_LIMIT_MS);

/** A deadline passes in a tenth of a second. */
const hasty: Clock = { now: () => systemClock.now(), sleep: (_, signal) => systemClock.sleep(100, signal) };
const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';

describe('the boot probe', () => {
  let dir: string;
  let probe: BootProbe;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'muster-probe-'));
    probe = {
      qemu: requireTool(`qemu-system-${arch === 'arm64' ? 'aarch64' : 'x86_64'}`),
      arch,
      dir: join(dir, 'probe'),
      clock: systemClock,
    };
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const program = (text: string): string => {
    const path = join(dir, 'program');
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it('sees a guest of a few instructions boot', async () => {
    expect(await probeBoot(probe, 'tcg')).toMatchObject({ ok: true, error: '' });
    expect(existsSync(probe.dir)).toBe(false);
  });

  it('sees a Linux kernel reach its first process', async () => {
    const host = await DemoHost.make();
    try {
      const { kernel } = host.spec('any').image;
      const path = join(host.nodeDir, 'blobs', (kernel?.digest ?? '').replace(':', '-'));
      expect(await probeBoot({ ...probe, kernel: path }, 'tcg')).toMatchObject({ ok: true });
    } finally {
      await host.remove();
    }
  });

  it('gives up an accelerator that hangs, and kills it', async () => {
    const qemu = program('exec sleep 98765');
    expect(await probeBoot({ ...probe, qemu, clock: hasty }, 'tcg')).toMatchObject({
      ok: false,
      error: expect.stringContaining('no sign of life') as string,
    });
    expect(findByArgument('98765')).toEqual([]);
  });

  it('passes on what QEMU complains about', async () => {
    expect(await probeBoot(probe, 'no-such-accelerator')).toMatchObject({
      ok: false,
      error: expect.stringContaining('no-such-accelerator') as string,
    });
  });
});

describe('the choice of the accelerator', () => {
  it('is made once, and again for another QEMU', async () => {
    const host = await DemoHost.make();
    const lines: string[] = [];
    const options = { log: (line: string): void => void lines.push(line) };
    const booted = (): number => lines.filter((line) => line.includes('booted a probe')).length;
    try {
      const first = await host.driver(options).probe();
      expect(booted()).toBe(1);
      expect(await host.driver(options).probe()).toEqual(first);
      expect(booted()).toBe(1);
      const file = join(host.nodeDir, 'accelerators.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(first.version, '0.0.1'));
      await host.driver(options).probe();
      expect(booted()).toBe(2);
    } finally {
      await host.remove();
    }
  });
});
