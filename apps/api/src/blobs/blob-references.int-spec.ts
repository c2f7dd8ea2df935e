import type { Command, PushTemplateCommand } from '#domain';
import { encodeEvent } from '#events';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { foldBatch } from '../projections/fold-batch.js';
import { PostgresProjectionStore } from '../projections/projection-store.postgres.js';
import { RowCache } from '../projections/row-cache.js';
import { LIVE_SCHEMA } from '../projections/tables.postgres.js';
import { PROJECTION_VERSION } from '../projections/step.js';
import { PostgresBlobReferences } from './blob-references.postgres.js';

const postgres = postgresOfSpec();

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const blob = (letter: string) => ({ digest: digestOf(letter), sizeBytes: 1 });

class Story {
  readonly history = new FleetHistory();
  readonly recorded = this.history.found();

  tell(command: Command): void {
    const { outcome, events } = this.history.tell(command);
    expect(outcome.kind).toBe('accepted');
    this.recorded.push(...events);
  }

  push(templateId: string, tag: string, files: Pick<PushTemplateCommand, 'disk' | 'kernel' | 'initrd'>): void {
    const shape = { name: templateId, arch: 'amd64', description: '', cpu: 1, memoryMiB: 64, forwards: [] } as const;
    this.tell({ type: 'PushTemplate', templateId, tag, ...shape, ...files });
  }

  start(vmId: string, templateId: string, script?: string): void {
    const rules = { when: 'boot', monitored: false, timeoutMs: 1000, onFailure: 'keep' } as const;
    const request = { templateId, ...(script !== undefined && { script: { ...blob(script), ...rules } }) };
    this.tell({ type: 'StartVM', vmIds: [vmId], request });
  }

  seatOf(vmId: string) {
    const phase = this.history.cluster.vms.get(vmId as never)?.phase;
    if (phase?.name !== 'assigned') throw new Error(`${vmId} has no node`);
    return { nodeId: phase.at.nodeId, vmId, epoch: phase.at.epoch };
  }

  /** Saves what the VM wrote as the first version of a template. */
  save(vmId: string, disk: string, script: string): void {
    const seat = this.seatOf(vmId);
    const { time } = this.history;
    const size = { cpu: 1, memoryMiB: 64, hostIp: '10.0.0.7', guestIp: '10.0.2.15', forwards: [] };
    const instance = { uuid: vmId, name: vmId, status: 'running', ...size, createdAt: time, startedAt: time } as const;
    this.tell({ type: 'ReportVMStarted', ...seat, instance });
    const rules = { scriptTimeoutMs: 1000, cancelOnScriptFailure: true, revertBeforePush: false };
    const terms = {
      tag: 'v1',
      description: '',
      suspend: false,
      suspendSanityTest: false,
      script: blob(script),
      ...rules,
    };
    const target = { newTemplateId: 'saved', newTemplateName: 'saved' };
    this.tell({ type: 'SaveImage', requestId: 'save', vmId, target, ...terms });
    this.tell({ type: 'ReportImageSaved', ...seat, requestId: 'save', disk: blob(disk) });
    this.tell({ type: 'ReportVMTerminated', ...seat });
  }
}

test('what templates, VMs and saves name is found, each once, until the last of them goes', async () => {
  await postgres.make('projection');
  const store = new PostgresProjectionStore(postgres.pool, LIVE_SCHEMA);
  const references = new PostgresBlobReferences(postgres.pool);
  const story = new Story();
  const project = async () => {
    const events = story.recorded.splice(0).map((event) => {
      return { sequence: event.sequence, recorded: event, raw: JSON.stringify(encodeEvent(event)) };
    });
    const changes = foldBatch(events, cache);
    const toSequence = story.history.cluster.sequence;
    const from = await store.position();
    await store.commit({ from, incarnation: 'log-1', toSequence, changes });
    cache.apply(changes);
  };
  const cache = new RowCache();
  const named = async () =>
    [...(await references.read()).digests]
      .map((digest) => digest.at(-1))
      .sort()
      .join('');

  expect(await references.read()).toMatchObject({ digests: new Set(), position: { sequence: 0 } });
  story.push('linux', 'v1', { disk: blob('c'), kernel: blob('d'), initrd: blob('e') });
  story.push('linux', 'v2', { disk: blob('f') });
  story.start('one', 'linux', '1');
  story.start('two', 'linux', '1');
  story.start('three', 'debian');
  await project();
  // Of the history's own templates there are a and b.
  expect(await named()).toBe('1abcdef');
  const { sequence } = story.history.cluster;
  expect((await references.read()).position).toEqual({ sequence, incarnation: 'log-1', version: PROJECTION_VERSION });

  story.tell({ type: 'RevertTemplate', templateId: 'linux', tag: 'v1' });
  await project();
  expect(await named()).toBe('1abf');

  story.save('one', '2', '3');
  await project();
  expect(await named()).toBe('123abf');
  const { rows } = await postgres.query(`DELETE FROM ${LIVE_SCHEMA}.vm RETURNING id`);
  expect(rows).toHaveLength(3);
  // The layer below the disk that was saved is named by the new version.
  expect(await named()).toBe('23abf');
  story.tell({ type: 'DeleteRegistryVm', templateId: 'saved' });
  await project();
  expect(await named()).toBe('3ab');
});
