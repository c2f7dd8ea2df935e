import { type JavaInstance, readInstance, readList, readStarted, readStatus } from './java-answers.js';
import { type JavaOrder, JavaSdk, type SdkOptions } from './java-sdk.js';
import { type Reads, UNKNOWN_TAG } from './parts/answers.js';
import { JsonObject } from './parts/orgjson.js';
import { poll } from './parts/poll.js';
import { Rejected } from './parts/rejected.js';
import type { Wire } from './parts/wire.js';

/** The TeamCity plugin (anka.md §8.2): the same SDK, and a look at the instance right after its start. */

const MAX_ATTEMPTS = 7;

export class TeamCityPlugin {
  readonly sdk: JavaSdk;

  constructor(wires: readonly Wire[], options: Partial<SdkOptions> = {}) {
    this.sdk = new JavaSdk(wires, { maxAttempts: MAX_ATTEMPTS, ...options });
  }

  /** Groups and priorities are offered to whoever has more than the basic licence. */
  async offersGroups(): Promise<boolean> {
    return (await this.sdk.status()).license !== 'basic';
  }

  /** Display name of the provider that agents log in with; undefined when there is none. */
  async loginProvider(): Promise<string | undefined> {
    const { text } = await this.sdk.ask('GET', '/config/v1/auth');
    return JsonObject.parse(text).lenientObject('body')?.lenientObject('oidc')?.strictText('display_name');
  }

  async start(order: JavaOrder): Promise<JavaInstance> {
    return dereferenced(await this.sdk.show(await this.sdk.start(order)));
  }

  /** Waits for host and forwarded port; then tells the controller which build the VM is for. */
  async ready(id: string): Promise<{ host: string; port: number }> {
    return poll(`${id} is ready`, async () => addressOf(dereferenced(await this.sdk.show(id))));
  }
}

function dereferenced(instance: JavaInstance | undefined): JavaInstance {
  if (instance === undefined) throw new Rejected('instance', 'NullPointerException');
  return instance;
}

function addressOf({ id, state, info }: JavaInstance): { host: string; port: number } | undefined {
  if (/^(error|terminat)/i.test(state)) throw new Error(`Instance ${id} is ${state}`);
  if (!/^started$/i.test(state) || info === undefined || info.hostIp === '') return undefined;
  const rule = info.forwards.find(({ guest }) => guest === 22);
  if (rule === undefined) throw new Error(`Instance ${id} forwards no SSH port`);
  return { host: info.hostIp, port: rule.host };
}

export const teamCityReads: Reads = {
  status: (answer) => {
    if (readStatus(answer).license === 'basic') throw new Error('TeamCity hides groups and priorities');
  },
  'unknown tag': (answer) => {
    if (readStarted(answer, UNKNOWN_TAG) !== undefined) throw new Error('It was started');
  },
  'instance scheduling': (answer) => dereferenced(readInstance(answer)),
  'instance started': (answer) => {
    if (addressOf(dereferenced(readInstance(answer))) === undefined) throw new Error('It never gets an address');
  },
  'instance failed': readInstance,
  instances: readList,
};
