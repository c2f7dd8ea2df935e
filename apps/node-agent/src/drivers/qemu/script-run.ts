import type { Clock } from '../clock.js';
import { cancelled } from '../cancel.js';
import { DriverError, type ScriptResult } from '../driver.js';
import { outputText } from '../script-output.js';
import { randomToken } from '../token.system.js';
import type { GuestAgent, GuestProcess } from './guest-agent.js';
import { killerArguments, readWrapped, SCRIPT_ENVIRONMENT, wrapperArguments } from './script-wrapper.js';

const SHELL = '/bin/sh';
const FIRST_POLL_MS = 30;
const LAST_POLL_MS = 500;
/** How long a killed script may take to be gone before its output is given up. */
const AFTER_KILL_MS = 5000;

export interface ScriptRun {
  agent: GuestAgent;
  clock: Clock;
  vmId: string;
  script: Uint8Array;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Runs the script in the guest to its end, to its timeout (reported) or to the caller's (`CANCELLED`); the last two kill it. */
export async function runInGuest(run: ScriptRun): Promise<ScriptResult> {
  const { agent, clock, signal } = run;
  const token = randomToken();
  await agent.sync();
  const pid = await agent.exec(SHELL, wrapperArguments(token), Buffer.from(run.script), SCRIPT_ENVIRONMENT);
  const inTime = await waitFor(run, pid, clock.now() + run.timeoutMs, signal);
  if (inTime) return finished(run, inTime);
  await agent.exec(SHELL, killerArguments(token), undefined, SCRIPT_ENVIRONMENT).catch(() => undefined);
  if (signal.aborted) throw cancelled(signal, `running a script in VM "${run.vmId}"`);
  const late = await waitFor(run, pid, clock.now() + AFTER_KILL_MS, signal).catch(() => undefined);
  return timedOut(late);
}

/** The process once it has exited; undefined at the deadline or on the signal. */
async function waitFor(
  run: ScriptRun,
  pid: number,
  deadline: number,
  signal: AbortSignal,
): Promise<GuestProcess | undefined> {
  for (let poll = FIRST_POLL_MS; ; poll = Math.min(poll * 2, LAST_POLL_MS)) {
    const status = await run.agent.execStatus(pid);
    if (status.exited) return status;
    const left = deadline - run.clock.now();
    if (left <= 0 || signal.aborted) return undefined;
    await run.clock.sleep(Math.min(poll, left), signal).catch(() => undefined);
  }
}

function finished(run: ScriptRun, process: GuestProcess): ScriptResult {
  const wrapped = readWrapped(process.stdout);
  if (!wrapped) {
    const said = outputText(process.stderr).trim().slice(-300);
    throw new DriverError('TOOL_FAILED', `The guest of VM "${run.vmId}" could not take a script: ${said}`, true);
  }
  const { returnCode, stdout } = wrapped;
  return { returnCode, didTimeout: false, stdout: outputText(stdout), stderr: outputText(process.stderr) };
}

function timedOut(process: GuestProcess | undefined): ScriptResult {
  const stdout = (process && readWrapped(process.stdout)?.stdout) ?? Buffer.alloc(0);
  return {
    returnCode: -1,
    didTimeout: true,
    stdout: outputText(stdout),
    stderr: outputText(process?.stderr ?? Buffer.alloc(0)),
  };
}
