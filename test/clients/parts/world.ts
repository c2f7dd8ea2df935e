import { randomUUID } from 'node:crypto';
import type { Fleet } from '../../support/fleet.js';
import { offerPretendedTemplate } from '../../support/templates.js';
import { until } from '../../support/until.js';
import { basic } from './axios.js';
import { poll } from './poll.js';
import { Wire } from './wire.js';

/** How long terminating and terminated instances stay in the lists of the test fleets. */
export const VISIBLE_MS = 800;
/** How fast simulated nodes pull here, and what takes them a second and a half. */
export const PULL_BYTES_PER_SECOND = 1_000_000_000;
const SLOW_BYTES = 1.5 * PULL_BYTES_PER_SECOND;
/** Secret of the superuser at the second address. */
export const ROOT_TOKEN = 'correct-horse-battery';
/** The second address knows who comes in, and forgets sessions soon. */
const ASKING = {
  ...{ ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: ROOT_TOKEN, ANKA_ENABLE_API_KEYS: 'true' },
  ANKA_API_KEYS_SESSION_TTL: '3s',
};
/** A host port that two VMs on one node fight for. */
const CONTESTED_PORT = '29999';

/** What the clients find when they come: a controller with a template and nodes. */
export interface World {
  readonly fleet: Fleet;
  readonly wire: Wire;
  /** The same controller behind a second address, where everybody has to say who it is. */
  readonly replica: Wire;
  /** A template with the tags `v1` and `v2`. */
  readonly template: string;
  readonly templateName: string;
  /** A node that takes VMs. */
  readonly openNode: string;
  /** A node in drain mode: whoever asks for it waits. */
  readonly parkedNode: string;
  /** A group that the open node is in. */
  readonly group: { readonly id: string; readonly name: string };
  /** A template that no node has, and that takes more than a second to pull. */
  slowTemplate(): Promise<string>;
  /** An instance in `Error` that no host ever had. */
  failedWithoutHost(): Promise<string>;
}

/** The header of whoever is root. */
export const asRoot = async (): Promise<string> => basic('root', ROOT_TOKEN);

/** Puts templates and a drained node into a fleet of simulated nodes. */
export async function furnished(fleet: Fleet): Promise<World> {
  await fleet.add('second-api', ASKING);
  const templateName = 'macos-15';
  const template = await offerPretendedTemplate(fleet, { name: templateName, tag: 'v1' });
  await offerPretendedTemplate(fleet, { id: template, name: templateName, tag: 'v2' });
  const nodes = (await fleet.anka.nodes()).map(({ node_id }) => node_id).sort();
  const [openNode = '', contested = ''] = nodes;
  const parkedNode = nodes.at(-1) ?? '';
  await fleet.anka.ask('POST', '/api/v1/node/config', { node_id: parkedNode, drain_mode: true });
  await until('The second address answers', () => isReady(fleet.secondApiUrl), 60_000);
  const group = await groupOf(fleet, 'ios', openNode);
  return {
    ...{ fleet, template, templateName, openNode, parkedNode, group },
    wire: new Wire(fleet.apiUrl),
    replica: new Wire(fleet.secondApiUrl),
    slowTemplate: () => offerPretendedTemplate(fleet, { name: `slow-${randomUUID()}`, sizeBytes: SLOW_BYTES }),
    failedWithoutHost: () => failedWithoutHost(fleet, template, contested),
  };
}

async function groupOf(fleet: Fleet, name: string, nodeId: string): Promise<World['group']> {
  const { envelope } = await fleet.anka.ask<World['group']>('POST', '/api/v1/group', { name, description: '' });
  if (envelope.body === undefined) throw new Error(`The group ${name} was not made: ${envelope.message}`);
  await fleet.anka.ask('POST', '/api/v1/node/group', { group_ids: [envelope.body.id], node_ids: [nodeId] });
  return envelope.body;
}

const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/readyz`)).status === 200;

/** Two VMs on one node want the same host port: the second finds no way to start. */
async function failedWithoutHost(fleet: Fleet, vmid: string, node_id: string): Promise<string> {
  const rule = { name: 'ssh', guest_port: '22', host_port: CONTESTED_PORT };
  const order = { vmid, node_id, port_forwarding_override: [rule] };
  const [first = ''] = await fleet.anka.start(order);
  await until('The first has the port', async () => (await stateOf(fleet, first)) === 'Started', 20_000);
  const [second = ''] = await fleet.anka.start(order);
  await until('The second fails', async () => (await stateOf(fleet, second)) === 'Error', 20_000);
  await fleet.anka.terminate(first);
  return second;
}

const stateOf = async (fleet: Fleet, id: string): Promise<string> => (await fleet.anka.instance(id)).instance_state;

/** Waits until the instance has left the list, which it must within the time that ended ones are shown. */
export async function goneFromList({ fleet }: Pick<World, 'fleet'>, id: string): Promise<void> {
  const isGone = async () => ((await fleet.anka.instances()).some((one) => one.instance_id === id) ? undefined : true);
  await poll(`${id} is gone from the list`, isGone, 3 * VISIBLE_MS + 5_000);
}
