import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { Fleet } from '../support/fleet.js';
import { residentMb } from './parts/cpu.js';
import { printFigures } from './parts/figures.js';

const IDLE_MS = Number(process.env['BENCH_IDLE_MS'] ?? 60_000);
const TARGET_MB = 450;
const OURS = ['api', 'scheduler', 'node-agent'] as const;

/** A Node process that does nothing: the floor under each of ours. */
async function bareNodeMb(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  await pause(2_000);
  const mb = residentMb(child.pid as number);
  child.kill('SIGKILL');
  return mb;
}

const fleet = await Fleet.start({ driver: 'qemu' });
try {
  await pause(IDLE_MS);
  const each = OURS.map((name) => ({ name, mb: residentMb(fleet.member(name).pid) }));
  const bare = await bareNodeMb();
  const reference = { what: 'bare node:', value: bare };
  printFigures([
    ...each.map(({ name, mb }) => ({ what: `resident, ${name}`, value: mb, unit: 'MB', reference })),
    {
      what: `resident, ${OURS.join(' + ')}, ${IDLE_MS / 1000} s idle`,
      value: each.reduce((sum, { mb }) => sum + mb, 0),
      unit: 'MB',
      reference: { what: 'three bare nodes:', value: 3 * bare },
      target: { atMost: TARGET_MB },
    },
    { what: 'resident, nats-server', value: residentMb(fleet.member('nats').pid), unit: 'MB' },
    {
      what: 'resident, postgres (shared pages counted again)',
      value: residentMb(fleet.member('postgres').pid, true),
      unit: 'MB',
    },
  ]);
} finally {
  await fleet.close();
}
