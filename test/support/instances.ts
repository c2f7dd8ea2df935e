import type { AnkaClient, Instance } from './anka-client.js';
import { sshBanner } from './ssh-banner.js';
import { until } from './until.js';

/** A real guest under emulation, on a busy machine. */
export const BOOT_LIMIT_MS = 120_000;

/** Waits until the instance is in the state. A final state that is another one ends the wait at once. */
export async function reaches(
  anka: AnkaClient,
  id: string,
  state: string,
  withinMs = BOOT_LIMIT_MS,
): Promise<Instance> {
  let last: Instance | undefined;
  const look = async (): Promise<Instance | undefined> => {
    last = await anka.instance(id);
    return last.instance_state === state || last.instance_state === 'Error' ? last : undefined;
  };
  const seen = await until(`${id} is ${state}`, look, withinMs, () => `Last seen: ${JSON.stringify(last)}`);
  if (seen.instance_state !== state) throw new Error(`${id} is ${seen.instance_state}: ${seen.message ?? ''}`);
  return seen;
}

/** The host port that leads to this port of the guest. */
export function forwardedPort(instance: Instance, guestPort: number): number {
  const rule = instance.vminfo?.port_forwarding?.find((one) => one.guest_port === guestPort);
  if (rule === undefined) throw new Error(`${instance.instance_id} forwards no port ${guestPort}`);
  return rule.host_port;
}

/** What the SSH server of the instance says first. */
export function bannerOf(instance: Instance): Promise<string> {
  return sshBanner(instance.vminfo?.host_ip ?? '', forwardedPort(instance, 22));
}

/** A script as the wire carries it. */
export const base64 = (script: string): string => Buffer.from(script).toString('base64');
