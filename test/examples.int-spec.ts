import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleEvents } from '../libs/events/src/contract/samples.contract.js';
import { JetStreamEventLog } from '../libs/events/src/jetstream/index.js';
import { RestrictedServer } from '../libs/events/src/jetstream/restricted-server.contract.js';
import { BareControlPlane } from './support/bare-control-plane.js';
import { ROOT } from './support/root.js';

jest.setTimeout(120_000);

const EXAMPLES = join(ROOT, 'examples/nats');
const EVENTS = 60;
let server: RestrictedServer;
const tried = new Set<string>();

beforeAll(async () => {
  server = await RestrictedServer.start();
  await new JetStreamEventLog(server.plane).appender(0).append(sampleEvents(1, EVENTS));
});
afterAll(() => server?.stop());

interface Shown {
  readonly sequence: number;
  readonly type: string;
  readonly subject: string;
  readonly nodeId?: string;
}

/** Runs an example as somebody who copied it: what it printed, line by line, and what it said besides. */
async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  tried.add(file);
  const NATS_URL = `nats://${server.url}`;
  const child = spawn(process.execPath, [join(EXAMPLES, file), ...args], {
    env: { PATH: process.env.PATH, NATS_URL, ...env },
  });
  const said = { out: '', besides: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.besides += text));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${said.out}${said.besides}`);
  const lines = said.out.split('\n').filter((line) => line !== '');
  return { shown: lines.map((line) => JSON.parse(line) as Shown), besides: said.besides };
}

const READER = { NATS_USER: 'reader', NATS_PASSWORD: 'r1' };
const sequences = (shown: readonly Shown[]): number[] => shown.map(({ sequence }) => sequence);

describe('the examples for NATS', () => {
  it('go on where they were, with a durable consumer', async () => {
    expect(sequences((await run('durable-consumer.mjs', ['mine', '3'])).shown)).toEqual([1, 2, 3]);
    expect(sequences((await run('durable-consumer.mjs', ['mine', '2'], READER)).shown)).toEqual([4, 5]);
    expect(sequences((await run('durable-consumer.mjs', ['other', '1'])).shown)).toEqual([1]);
  });

  it('go on after a sequence, and say which one is next', async () => {
    const { shown, besides } = await run('resume-by-sequence.mjs', ['10', '3'], READER);
    expect(sequences(shown)).toEqual([11, 12, 13]);
    expect(besides).toContain('resume-by-sequence.mjs 13');
  });

  it('show events of one type, of one VM and of one node', async () => {
    const { shown } = await run('by-type.mjs', ['VMScheduled', '4'], READER);
    expect(shown.map(({ type }) => type)).toEqual(Array(4).fill('muster.vm.VMScheduled'));
    expect(sequences((await run('by-vm.mjs', ['vm-7', '2'])).shown)).toEqual([7, 57]);
    const ofNode = await run('by-node.mjs', ['mac.mini-01', '5']);
    expect(ofNode.shown.map(({ nodeId }) => nodeId)).toEqual(Array(5).fill('mac.mini-01'));
  });

  it('start a VM without a door, and say what came of it', async () => {
    // A log of its own, whose events were caused by what is in its COMMANDS.
    const fresh = await RestrictedServer.start();
    const plane = await BareControlPlane.start(`nats://plane:p%3Aw%2F1@${fresh.url}`);
    const ci = { NATS_URL: fresh.url, NATS_USER: 'ci', NATS_PASSWORD: 'c1', NATS_INBOX: '_INBOX_ci' };
    try {
      const { shown, besides } = await run('start-vm.mjs', ['no-such-template', '2', 'wish-1'], ci);
      expect(besides).toMatch(/Command wish-1 is number 1$/m);
      const refusal = { code: 'TEMPLATE_UNKNOWN', templateId: 'no-such-template' };
      expect(shown).toEqual([{ kind: 'refused', refusal }]);
    } finally {
      await plane.stop();
      await fresh.stop();
    }
  });

  it('are tried here, all of them', () => {
    const shared = ['connection.mjs', 'filtered.mjs'];
    expect([...tried, ...shared].sort()).toEqual(readdirSync(EXAMPLES).sort());
  });
});
