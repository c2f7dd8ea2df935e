import { type Figure, printCpu, printFigures } from './parts/figures.js';
import { type Run, runC2m, type Window } from './parts/c2m-run.js';
import { sizesAsked } from './parts/c2m-size.js';

/** For two million VMs. HashiCorp took 22 minutes and 14 seconds, on a fleet of cloud machines. */
const TARGET_S = 600;
const FULL_VMS = 2_000_000;
/** Cost per VM at the end of the run, as a multiple of that at its beginning. */
const TARGET_GROWTH = 1.5;

const total = (cpu: ReadonlyMap<string, number>): number => [...cpu.values()].reduce((sum, ms) => sum + ms, 0);
const cpuUsPerVm = ({ cpu, vms }: Window): number => (total(cpu) * 1000) / vms;

function allOf({ windows, size, seconds }: Run): Window {
  const cpu = new Map<string, number>();
  for (const window of windows) for (const [name, ms] of window.cpu) cpu.set(name, (cpu.get(name) ?? 0) + ms);
  return { vms: size.vms, seconds, cpu };
}

function report(run: Run, small: Run | undefined): void {
  const { size, seconds, peakMb, storedMb, audit } = run;
  const all = allOf(run);
  const isFull = size.vms >= FULL_VMS;
  printFigures([
    {
      what: `${size.vms} VMs on ${size.nodes} nodes: first StartVM to last VMStarted`,
      value: seconds,
      unit: 's',
      ...(isFull && { target: { atMost: TARGET_S } }),
    },
    { what: 'VMs per second', value: size.vms / seconds, unit: '/s' },
    { what: 'durable events per second', value: audit.events / seconds, unit: '/s' },
    { what: 'CPU per VM, all processes', value: cpuUsPerVm(all), unit: 'µs' },
    ...[...peakMb].map(([name, mb]) => ({ what: `peak resident, ${name}`, value: mb, unit: 'MB' })),
    { what: 'streams on disk', value: storedMb, unit: 'MB' },
    ...(small === undefined ? [] : [...growthWithin(run), growthSince(small, all)]),
  ]);
  printCpu(all.cpu, size.vms, seconds, 'VM');
}

/** Of a long run only: the first seconds of any are spent on warming up. */
function growthWithin({ windows }: Run): Figure[] {
  const [first, last] = [windows[0] as Window, windows.at(-1) as Window].map(cpuUsPerVm) as [number, number];
  const reference = { what: 'first tenth:', value: first };
  return [
    { what: 'CPU per VM, last tenth of the VMs', value: last, unit: 'µs', reference },
    { what: 'growth within the run', value: last / first, unit: '×', target: { atMost: TARGET_GROWTH } },
  ];
}

function growthSince(small: Run, all: Window) {
  const before = cpuUsPerVm(allOf(small));
  return {
    ...{ what: `growth of CPU per VM since ${small.size.vms} VMs`, value: cpuUsPerVm(all) / before, unit: '×' },
    target: { atMost: TARGET_GROWTH },
  };
}

let small: Run | undefined;
for (const size of sizesAsked(process.argv.slice(2))) {
  console.log(`${size.vms} VMs on ${size.nodes} nodes`);
  const run = await runC2m(size);
  report(run, small);
  for (const line of run.audit.wrong.slice(0, 10)) console.log(`wrong: ${line}`);
  if (run.audit.wrong.length > 0) process.exitCode = 1;
  small = run;
}
