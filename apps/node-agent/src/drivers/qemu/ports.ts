import { DriverError, type Forward, type ForwardRule } from '../driver.js';
import { LAST_PORT } from './limits.js';

export interface PortQuestion {
  rules: readonly ForwardRule[];
  /** Ports the VM had before; asked for again first. */
  previous: readonly Forward[];
  firstPort: number;
  /** Ports of this driver's other VMs, and those QEMU found taken. */
  reserved: ReadonlySet<number>;
  /** Whether the port can be bound on the host at this moment. */
  isFree: (port: number) => Promise<boolean>;
}

/**
 * A host port for every rule: the one it names, else the one it had, else the lowest free one. Throws `PORT_IN_USE` when a named port
 * is taken or none is left.
 */
export async function allocatePorts(question: PortQuestion): Promise<Forward[]> {
  const named = question.rules.flatMap((rule) => rule.hostPort ?? []);
  const taken = new Set([...question.reserved, ...named]);
  const forwards: Forward[] = [];
  for (const [index, rule] of question.rules.entries()) {
    const hostPort =
      rule.hostPort === undefined ? await findPort(question, taken, index) : await namedPort(question, rule.hostPort);
    taken.add(hostPort);
    forwards.push({ name: rule.name, guestPort: rule.guestPort, hostPort, protocol: 'tcp' });
  }
  return forwards;
}

async function namedPort(question: PortQuestion, port: number): Promise<number> {
  if (!question.reserved.has(port) && (await question.isFree(port))) return port;
  throw new DriverError('PORT_IN_USE', `Host port ${port} is taken, and the VM names exactly this one.`, true);
}

async function findPort(question: PortQuestion, taken: ReadonlySet<number>, index: number): Promise<number> {
  const previous = question.previous[index]?.hostPort;
  if (previous !== undefined && !taken.has(previous) && (await question.isFree(previous))) return previous;
  for (let port = question.firstPort; port <= LAST_PORT; port++) {
    if (!taken.has(port) && (await question.isFree(port))) return port;
  }
  throw new DriverError('PORT_IN_USE', `No host port from ${question.firstPort} to ${LAST_PORT} is free.`, true);
}
