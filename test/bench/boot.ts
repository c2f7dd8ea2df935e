import { spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { argumentsOf } from '../../tools/services/processes.js';
import { freePort } from '../../tools/services/ports.js';
import { Fleet } from '../support/fleet.js';
import { guestsNaming } from '../support/guests.js';
import { reaches } from '../support/instances.js';
import { offerDemoTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { printFigures, quantile } from './parts/figures.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 6);
const TARGET_RATIO = 1.25;
const LOOK_MS = 2;
const BOOT_LIMIT_MS = 120_000;

/** When the guest's userland had written a whole line on its serial port, on the clock of `performance`. */
async function firstLineAt(serialLog: () => string | undefined): Promise<number> {
  for (const end = performance.now() + BOOT_LIMIT_MS; performance.now() < end; await pause(LOOK_MS)) {
    const file = serialLog();
    if (file !== undefined && existsSync(file) && readFileSync(file).includes('\n')) return performance.now();
  }
  throw new Error(`No line on the serial port after ${BOOT_LIMIT_MS} ms`);
}

interface Boot {
  readonly ms: number;
  /** How QEMU was called. */
  readonly command: readonly string[];
  readonly workDir: string;
}

/** Through Muster: from the POST to the guest's first line. The VM is ended afterwards; what it was made of is kept in `keepDir`. */
async function throughMuster(fleet: Fleet, template: string, keepDir: string): Promise<Boot & { startedMs: number }> {
  const begin = performance.now();
  const [id = ''] = await fleet.anka.start({ vmid: template });
  let [pid, workDir] = [0, ''];
  const at = await firstLineAt(() => {
    if (pid === 0) pid = guestsNaming(id)[0] ?? 0;
    if (pid !== 0 && workDir === '') workDir = readlinkSync(`/proc/${pid}/cwd`);
    return workDir === '' ? undefined : join(workDir, 'serial.log');
  });
  const command = argumentsOf(pid);
  await reaches(fleet.anka, id, 'Started');
  const startedMs = performance.now() - begin;
  keepFiles(workDir, keepDir);
  await fleet.anka.terminate(id);
  await until('The VM is gone', () => guestsNaming(id).length === 0, BOOT_LIMIT_MS);
  return { ms: at - begin, startedMs, command, workDir };
}

/** Links to the template's files that the VM had. */
function keepFiles(workDir: string, keepDir: string): void {
  mkdirSync(keepDir, { recursive: true });
  for (const name of readdirSync(join(workDir, '..'))) {
    const target = join(keepDir, name);
    if (['kernel', 'initrd', 'base.qcow2'].includes(name) && !existsSync(target))
      linkSync(join(workDir, '..', name), target);
  }
}

/** The same QEMU, flags and image, started by hand; only the host's ports are others. */
async function bare({ command }: Boot, keepDir: string): Promise<number> {
  const workDir = join(keepDir, 'work');
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir);
  execFileSync('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-F',
    'qcow2',
    '-b',
    '../base.qcow2',
    join(workDir, 'disk.qcow2'),
  ]);
  const port = await freePort();
  const [program = '', ...args] = command.map((word) => word.replace(/(hostfwd=tcp:[^:]*):\d+-/, `$1:${port}-`));
  const begin = performance.now();
  const child = spawn(program, args, { cwd: workDir, stdio: 'ignore' });
  try {
    return (await firstLineAt(() => join(workDir, 'serial.log'))) - begin;
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

const fleet = await Fleet.start({ driver: 'qemu' });
try {
  const template = await offerDemoTemplate(fleet);
  const keepDir = join(fleet.home.dir, 'bare');
  await throughMuster(fleet, template, keepDir); // the image is pulled and in the page cache from now on
  const [ours, started, theirs]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run++) {
    const boot = await throughMuster(fleet, template, keepDir);
    ours.push(boot.ms);
    started.push(boot.startedMs);
    theirs.push(await bare(boot, keepDir));
    console.log(`run ${run + 1}: ${ours.at(-1)?.toFixed(0)} ms through Muster, ${theirs.at(-1)?.toFixed(0)} ms bare`);
  }
  const [own, other] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  const reference = { what: 'bare QEMU:', value: other };
  printFigures([
    { what: `POST to userland, median of ${RUNS}`, value: own, unit: 'ms', reference },
    {
      what: 'POST to userland, as a multiple of bare QEMU',
      value: own / other,
      unit: '×',
      target: { atMost: TARGET_RATIO },
    },
    { what: `POST to Started, median of ${RUNS}`, value: quantile(started, 0.5), unit: 'ms', reference },
  ]);
} finally {
  await fleet.close();
}
