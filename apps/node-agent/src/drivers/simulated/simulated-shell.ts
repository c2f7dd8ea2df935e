import type { ScriptResult } from '../driver.js';

/** A simulated guest never sleeps longer than this, whatever its script says. */
export const MAX_SIMULATED_SLEEP_MS = 2_000;

/** What a line of a script does in a guest that only pretends. */
const ECHO = /^echo\s+(.*?)(\s*>&2)?$/;
const EXIT = /^exit(?:\s+(\d{1,3}))?$/;
const SLEEP = /^sleep\s+(\d{1,6}(?:\.\d{1,3})?)$/;

/** How long the script keeps a simulated guest busy: the sum of its `sleep`s until its `exit`. */
export function simulatedDuration(script: string): number {
  const seconds = executed(script).map((line) => Number(SLEEP.exec(line)?.[1] ?? 0));
  return Math.min(MAX_SIMULATED_SLEEP_MS, seconds.reduce((sum, one) => sum + one, 0) * 1000);
}

/**
 * What comes of a script in a simulated guest: `echo` writes, to stderr with `>&2`, and `exit` ends with its code. Any other line is
 * taken to succeed in silence, so that a demo without guests can still show a script that fails.
 */
export function simulatedOutcome(script: string): ScriptResult {
  const lines = executed(script);
  const written = lines.flatMap((line) => {
    const echo = ECHO.exec(line);
    return echo === null ? [] : [{ text: `${unquoted(echo[1] ?? '')}\n`, isError: echo[2] !== undefined }];
  });
  const textOf = (isError: boolean): string =>
    written
      .filter((one) => one.isError === isError)
      .map(({ text }) => text)
      .join('');
  const returnCode = Number(EXIT.exec(lines.at(-1) ?? '')?.[1] ?? 0);
  return { returnCode, didTimeout: false, stdout: textOf(false), stderr: textOf(true) };
}

/** The lines up to the first `exit`. */
function executed(script: string): string[] {
  const lines = script.split(/[\n;]/).map((line) => line.trim());
  const end = lines.findIndex((line) => EXIT.test(line));
  return end === -1 ? lines : lines.slice(0, end + 1);
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
