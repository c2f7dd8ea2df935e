import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { buildDemoTemplate } from '../../tools/template/build-demo.js';
import { pushTemplate } from '../../tools/template/push.js';
import type { Fleet } from './fleet.js';
import { ROOT } from './root.js';
import { until } from './until.js';

const SHOWN_LIMIT_MS = 10_000;
/** Where `npm start` without MUSTER_HOME keeps its own, so that it is built once for all. */
export const DEMO_DIR = join(ROOT, '.muster', 'demo-template');

/** The Linux template that boots in seconds: built once, then reused by all tests and by `npm start`. */
export async function offerDemoTemplate(fleet: Fleet): Promise<string> {
  const template = await buildDemoTemplate(DEMO_DIR, (line) => console.error(line));
  const { id } = await pushTemplate(fleet.apiUrl, template, DEMO_DIR);
  return id;
}

/** A version of a template without files, which only simulated nodes can pull. */
export interface Pretended {
  readonly id?: string;
  readonly name?: string;
  readonly tag?: string;
  /** What a node has to pull; how long that takes follows from MUSTER_SIMULATED_PULL_BYTES_PER_SECOND. */
  readonly sizeBytes?: number;
}

/** Tells the cluster of a pretended version as any NATS client could; returns the id of its template. */
export async function offerPretendedTemplate(fleet: Fleet, wanted: Pretended = {}): Promise<string> {
  const { id = randomUUID(), name = 'pretended', tag = 'v1', sizeBytes = 4096 } = wanted;
  const connection = await fleet.nats();
  const digest = `sha256:${createHash('sha256').update(`${id} ${tag}`).digest('hex')}`;
  const command = {
    specversion: '1.0',
    id: randomUUID(),
    source: '/test',
    type: 'muster.template.PushTemplate',
    subject: id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...{ templateId: id, name, arch: process.arch === 'arm64' ? 'arm64' : 'amd64', tag },
      ...{ description: '', disk: { digest, sizeBytes }, cpu: 1, memoryMiB: 128 },
      forwards: [{ name: 'ssh', guestPort: 22 }],
    },
  };
  await jetstream(connection).publish('muster.cmd.template.PushTemplate', JSON.stringify(command), {
    msgID: command.id,
  });
  const isShown = async (): Promise<boolean> => {
    const { envelope } = await fleet.anka.ask<TemplateOfRegistry>('GET', `/api/v1/registry/vm?id=${id}`);
    return envelope.body?.versions.some((version) => version.tag === tag) ?? false;
  };
  await until(`Tag ${tag} of template ${id} is shown`, isShown, SHOWN_LIMIT_MS);
  return id;
}

interface TemplateOfRegistry {
  readonly versions: readonly { readonly tag: string }[];
}
