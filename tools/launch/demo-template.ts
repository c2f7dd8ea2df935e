import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDemoTemplate } from '../template/build-demo.js';
import { push, pushTemplate, type PushedTemplate } from '../template/push.js';
import type { DriverName } from './settings.js';

/** What the demo template is for, and where its files are to be. */
export interface DemoOrder {
  readonly apiUrl: string;
  readonly driver: DriverName;
  readonly dir: string;
}

const PRETENDED_DISK = 'A disk for the simulated driver of Muster, which takes any. Nothing can be booted from it.\n';

/** A template for a node that only pretends: there in no time, without anything from the network, and named for what it is. */
function pushPretended(apiUrl: string, dir: string): Promise<PushedTemplate> {
  mkdirSync(dir, { recursive: true });
  const disk = join(dir, 'pretended-disk');
  writeFileSync(disk, PRETENDED_DISK);
  return push(apiUrl, {
    name: 'simulated-demo',
    tag: 'v1',
    description: 'For the simulated driver; nothing can be booted from it.',
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    cpu: 1,
    memoryMiB: 128,
    forwards: [{ name: 'ssh', guestPort: 22 }],
    files: { disk },
  });
}

/** Builds the demo template for this driver, or takes the one built before, and makes sure that the API has it. */
export async function provideDemoTemplate(
  { apiUrl, driver, dir }: DemoOrder,
  log: (line: string) => void,
): Promise<PushedTemplate> {
  if (driver === 'simulated') return pushPretended(apiUrl, `${dir}-simulated`);
  return pushTemplate(apiUrl, await buildDemoTemplate(dir, log), dir);
}

/** One line that starts a VM from the template. */
export function curlLine(apiUrl: string, templateId: string): string {
  const body = JSON.stringify({ vmid: templateId, count: 1 });
  return `curl -s -X POST ${apiUrl}/api/v1/vm -H 'content-type: application/json' -d '${body}'`;
}
