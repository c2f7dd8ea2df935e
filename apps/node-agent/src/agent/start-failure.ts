import type { ScriptResult, StartupScript } from '#domain';
import { DriverError } from '../drivers/driver.js';
import type { StartFailure } from '../notes/vm-notes.js';

/** Longest message that goes into the log of the cluster. */
export const MAX_FAILURE_MESSAGE_LENGTH = 1000;

const REMAINS = { stop: 'stopped', keep: 'running', delete: 'none' } as const;

/** A monitored startup script did not end well. What it wrote may hold secrets, so loggers must not find it among the fields. */
export class ScriptFailed extends Error {
  readonly #script: StartupScript;
  readonly #result: ScriptResult;

  constructor(script: StartupScript, result: ScriptResult) {
    super(`startup script exit code ${result.returnCode}`);
    this.name = 'ScriptFailed';
    this.#script = script;
    this.#result = result;
  }

  get script(): StartupScript {
    return this.#script;
  }

  get result(): ScriptResult {
    return this.#result;
  }
}

/** A script began in this VM and nobody saw it end; only a fresh VM may run it again. */
export class ScriptInterrupted extends Error {
  constructor() {
    super('the node agent was restarted while the startup script ran');
    this.name = 'ScriptInterrupted';
  }
}

/** What went wrong, in the control plane's terms. Faults that are not the driver's may be gone on another attempt. */
export function startFailure(cause: unknown): StartFailure {
  const message = (cause instanceof Error ? cause.message : String(cause)).slice(0, MAX_FAILURE_MESSAGE_LENGTH);
  if (cause instanceof ScriptFailed) {
    return { message, retryable: false, remains: REMAINS[cause.script.onFailure], script: cause.result };
  }
  return { message, retryable: cause instanceof DriverError ? cause.retryable : true, remains: 'none' };
}
