import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { argumentsOf } from './processes.js';

/** The kernel's number for a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/** True when this address can be listened on now. */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`Cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A TCP port of the loopback address that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function listeningInodes(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'latin1').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === LISTENING && fields[9])
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return inodes;
}

function holdsOneOf(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false; // gone meanwhile, or another user's
  }
}

function linuxHolder(port: number): number | undefined {
  const inodes = listeningInodes(port);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.find((pid) => holdsOneOf(pid, inodes));
}

function lsofHolder(port: number): number | undefined {
  const out = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  const pid = Number(out.split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

/** The systemd unit that a process belongs to, as far as its control group tells. */
function unitOf(pid: number): string | undefined {
  return /\/system\.slice\/(?:[^\n]*\/)?([^/\n]+\.service)/.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];
}

function describeProcess(pid: number): string {
  const command = argumentsOf(pid)[0] ?? 'a process';
  const unit = process.platform === 'linux' ? unitOf(pid) : undefined;
  if (unit === undefined) return `${command} (pid ${pid})`;
  return `${command} (pid ${pid}; \`systemctl disable --now ${unit}\` as root ends it)`;
}

/** Who listens on the port, in words for a message: the command's path and its process id, as far as this user may know. */
export function describeHolder(port: number): string {
  try {
    const pid = process.platform === 'linux' ? linuxHolder(port) : lsofHolder(port);
    if (pid === undefined) return 'a process of another user';
    return describeProcess(pid);
  } catch {
    return 'another process';
  }
}

/** Throws unless the port is free; the message names the holder and the `variable` that chooses another port. */
export async function assertPortFree(port: number, variable: string, host = '127.0.0.1'): Promise<void> {
  if (await portIsFree(port, host)) return;
  const holder = describeHolder(port);
  throw new Error(`Port ${port} on ${host} is taken by ${holder}. Stop that, or choose another port with ${variable}.`);
}
