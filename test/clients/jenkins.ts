import {
  documentOf,
  type JavaInstance,
  readGroups,
  readImageStatus,
  readInstance,
  readList,
  readRequestId,
  readStarted,
  readTags,
  readTemplates,
} from './java-answers.js';
import { type JavaOrder, JavaSdk, type SdkOptions } from './java-sdk.js';
import { type Reads, UNKNOWN_TAG } from './parts/answers.js';
import { poll } from './parts/poll.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The Jenkins plugin (anka.md §8.1). */

const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 10;
const SSH_PORT = 22;
const NAME_TEMPLATE = '$template_name-$node_name-$ts';

export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

export class JenkinsPlugin {
  readonly sdk: JavaSdk;

  constructor(wires: readonly Wire[], options: Partial<SdkOptions> = {}) {
    this.sdk = new JavaSdk(wires, { maxAttempts: MAX_ATTEMPTS, timeoutMs: TIMEOUT_MS, ...options });
  }

  /** What the cloud's page offers: templates, each with its tags. */
  async offers(): Promise<Map<string, string[]>> {
    const templates = await this.sdk.templates();
    return new Map(await Promise.all(templates.map(async ({ id }) => [id, await this.sdk.tags(id)] as const)));
  }

  /** The id of a group that the job names by name or id. Fails when there is none: better no agent than one anywhere. */
  async groupIdOf(nameOrId: string): Promise<string> {
    const found = (await this.sdk.groups()).find(({ id, name }) => id === nameOrId || name === nameOrId);
    if (found === undefined) throw new Error(`Node group ${nameOrId} not found`);
    return found.id;
  }

  /** Agents that the active nodes have room for in all. */
  async capacity(): Promise<number> {
    return readCapacity(await this.sdk.ask('GET', '/api/v1/node'));
  }

  start(order: JavaOrder): Promise<string> {
    return this.sdk.start({ name_template: NAME_TEMPLATE, ...order });
  }

  /** Waits until an agent can be launched over SSH. The plugin looks in the list, where it also finds all others. */
  async launched(id: string, saw: (state: string) => void = () => undefined): Promise<AgentAddress> {
    return poll(`agent ${id} is launched`, async () => {
      const instance = (await this.sdk.list()).find((one) => one.id === id);
      if (instance === undefined) throw new Error(`Instance ${id} is not in the list`);
      saw(instance.state);
      return addressOf(instance);
    });
  }
}

/** Where the agent is; undefined while it has no address. Throws when it will never have one. */
function addressOf({ id, state, message, info }: JavaInstance): AgentAddress | undefined {
  if (/^(error|terminat)/i.test(state)) throw new Error(`Instance ${id} is ${state}: ${message ?? ''}`);
  if (!/^started$/i.test(state) || info === undefined) return undefined;
  const rule = info.forwards.find(({ guest }) => guest === SSH_PORT);
  if (rule !== undefined) return info.hostIp === '' ? undefined : { host: info.hostIp, port: rule.host };
  return info.ip === '' ? undefined : { host: info.ip, port: SSH_PORT };
}

/** Slots of nodes that are `Active`; a node that counts virtual CPUs is taken for half as many. */
function readCapacity(answer: RawAnswer): number {
  const active = documentOf(answer)
    .objects('body')
    .filter((node) => node.lenientText('state').toLowerCase() === 'active');
  const slots = active.map((node) => {
    const capacity = node.lenientInteger('capacity');
    return node.lenientText('capacity_mode') === 'resource' ? Math.floor(capacity / 2) : capacity;
  });
  return slots.reduce((sum, one) => sum + one, 0);
}

export const jenkinsReads: Reads = {
  templates: readTemplates,
  template: readTags,
  nodes: (answer) => {
    if (readCapacity(answer) < 1) throw new Error('Jenkins never starts an agent: there is no capacity');
  },
  'started ids': (answer) => readStarted(answer),
  'unknown tag': (answer) => {
    if (readStarted(answer, UNKNOWN_TAG) !== undefined) throw new Error('It was started');
  },
  'instance scheduling': readInstance,
  'instance pulling': readInstance,
  'instance started': (answer) => {
    const instance = readInstance(answer);
    if (instance === undefined || addressOf(instance) === undefined) throw new Error('It never gets an address');
  },
  'instance failed': readInstance,
  instances: readList,
  'no instances': readList,
  'unknown instance': readInstance,
  groups: readGroups,
  'image request': readRequestId,
  'image requests': readImageStatus,
};
