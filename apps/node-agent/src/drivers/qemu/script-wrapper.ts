import { SCRIPT_OUTPUT_LIMIT_BYTES } from '../driver.js';

/** Directories of an ordinary root login, home included: the agent's own environment may be empty. */
export const SCRIPT_ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'USER=root',
  'LOGNAME=root',
  'SHELL=/bin/sh',
];

/**
 * Runs in the guest with the script on its standard input, $1 a fresh directory and $2 the output limit. The script gets a session of
 * its own, so that all of it can be killed, and files for its output: a service that it leaves behind may hold them open without
 * keeping us waiting. The first line printed is the script's exit code; its absence means that the script never ran.
 */
const WRAPPER = `
umask 077
mkdir "$1" && cat >"$1/script" || exit 1
cd "$HOME" 2>/dev/null || cd /
if command -v setsid >/dev/null; then session=setsid; else session=; fi
$session sh -c 'echo $$ >"$0/pid"; exec sh "$0/script"' "$1" </dev/null >"$1/out" 2>"$1/err" &
{ wait $!; } 2>/dev/null
echo $?
tail -c "$2" "$1/out"
tail -c "$2" "$1/err" >&2
rm -rf "$1"
`;

const KILLER = `read -r pid <"$1/pid" && { kill -9 -"$pid" || kill -9 "$pid"; }`;

export function wrapperArguments(token: string): string[] {
  return ['-c', WRAPPER, 'script', directory(token), String(SCRIPT_OUTPUT_LIMIT_BYTES)];
}

/** Kills the script with everything in its session; the wrapper then ends as after any other script. */
export function killerArguments(token: string): string[] {
  return ['-c', KILLER, 'kill', directory(token)];
}

/** Splits the wrapper's output; undefined when the script never ran. */
export function readWrapped(stdout: Buffer): { returnCode: number; stdout: Buffer } | undefined {
  const end = stdout.indexOf(10);
  const code = stdout.toString('latin1', 0, Math.max(0, end));
  return /^\d{1,3}$/.test(code) ? { returnCode: Number(code), stdout: stdout.subarray(end + 1) } : undefined;
}

function directory(token: string): string {
  return `/tmp/.muster-${token}`;
}
