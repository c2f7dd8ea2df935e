import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CachedTemplate, DesiredPull } from '#domain';
import { DriverError } from '../drivers/driver.js';
import { AgentWorld, IMAGE, wishFor } from '../testing/agent-world.js';

const MACOS: CachedTemplate = { templateId: 'macos', tag: 'v1' };
const pull = (distributionId: string, templateId: string): DesiredPull => ({
  distributionId,
  image: { ...IMAGE, templateId },
});

describe('distributions to a node', () => {
  let world: AgentWorld;
  beforeEach(async () => {
    world = new AgentWorld();
    await world.start();
  });

  const wish = (pulls: DesiredPull[], removals: CachedTemplate[] = [], ...vms: ReturnType<typeof wishFor>[]) =>
    world.put({ asOf: (world.asOf += 10), vms, pulls, removals });
  const news = () => world.reports.filter(({ type }) => type.startsWith('ReportTemplate'));

  it('are pulled one after the other, with progress, and told of', async () => {
    await wish([pull('d1', 'a'), pull('d2', 'b')]);
    await world.pass(10_000);
    expect(news()).toEqual([
      { type: 'ReportTemplatePullProgress', nodeId: 'node-1', distributionId: 'd1', progress: 0.5 },
      { type: 'ReportTemplatePulled', nodeId: 'node-1', templateId: 'a', tag: 'v1' },
      { type: 'ReportTemplatePullProgress', nodeId: 'node-1', distributionId: 'd2', progress: 0.5 },
      { type: 'ReportTemplatePulled', nodeId: 'node-1', templateId: 'b', tag: 'v1' },
    ]);
    expect([world.cache.mostPulling, world.beats.at(-1)?.pulls]).toEqual([1, {}]);
  });

  it('are told of at once, and once, where the template is', async () => {
    await wish([pull('d1', 'macos')]);
    await world.pass(120_000);
    expect(news()).toEqual([{ type: 'ReportTemplatePulled', nodeId: 'node-1', ...MACOS }]);
    expect(world.cache.pulls).toBe(0);
  });

  it('are tried three times, and then given up for good', async () => {
    world.cache.failure = new DriverError('TOOL_FAILED', 'the store is away', true);
    await wish([pull('d1', 'a')]);
    await world.pass(300_000);
    expect(world.cache.pulls).toBe(3);
    expect(news().at(-1)).toEqual({
      type: 'ReportTemplatePullFailed',
      nodeId: 'node-1',
      distributionId: 'd1',
      message: 'the store is away',
    });
    world.cache.failure = undefined;
    await wish([pull('d1', 'a'), pull('d2', 'a')]);
    await world.pass(10_000);
    expect(news().at(-1)).toMatchObject({ type: 'ReportTemplatePulled', templateId: 'a' });
  });

  it('are tried once when trying again is of no use', async () => {
    world.cache.failure = new DriverError('IMAGE_INVALID', 'other bytes', false);
    await wish([pull('d1', 'a')]);
    await world.pass(60_000);
    expect(world.cache.pulls).toBe(1);
    expect(news().filter(({ type }) => type === 'ReportTemplatePullFailed')).toHaveLength(1);
  });

  it('stop in the middle when they are cancelled', async () => {
    world.cache.pullMs = 60_000;
    await wish([pull('d1', 'a'), pull('d2', 'b')]);
    await world.pass(20_000);
    expect(world.cache.pulling).toBe(1);
    await wish([]);
    await world.pass(200_000);
    expect([world.cache.pulling, world.cache.pulls, news()]).toEqual([0, 1, []]);
  });

  it('go on in the next life of the agent', async () => {
    world.cache.pullMs = 60_000;
    await wish([pull('d1', 'a')]);
    await world.pass(20_000);
    world.crash();
    await world.start();
    await world.pass(90_000);
    expect(news().at(-1)).toMatchObject({ type: 'ReportTemplatePulled', templateId: 'a' });
  });

  it('do not hold up a VM for longer than one pull', async () => {
    world.cache.pullMs = 10_000;
    await wish([pull('d1', 'a'), pull('d2', 'b')]);
    await world.pass(1_000);
    await wish([pull('d1', 'a'), pull('d2', 'b')], [], wishFor('vm', 30, { image: { ...IMAGE, templateId: 'c' } }));
    await world.pass(60_000);
    const order = news().flatMap((report) => (report.type === 'ReportTemplatePulled' ? [report.templateId] : []));
    expect(order).toEqual(['a', 'c', 'b']);
  });
});

describe('templates that are to leave a node', () => {
  let world: AgentWorld;
  beforeEach(async () => {
    world = new AgentWorld();
    await world.start();
  });

  const gone = { type: 'ReportTemplateEvicted', nodeId: 'node-1', ...MACOS };
  const wish = (removals: CachedTemplate[], ...vms: ReturnType<typeof wishFor>[]) =>
    world.put({ asOf: (world.asOf += 10), vms, removals });
  const news = () => world.reports.filter(({ type }) => type === 'ReportTemplateEvicted');

  it('are removed, and told of', async () => {
    await wish([MACOS]);
    await world.pass(1_000);
    expect([world.cache.templates, news()]).toEqual([[], [gone]]);
  });

  it('stay as long as a VM here uses them', async () => {
    await wish([MACOS], wishFor('vm', 5));
    await world.pass(120_000);
    expect([world.cache.templates.length, news()]).toEqual([1, []]);
    await wish([MACOS], wishFor('vm', 5, { wish: 'absent', started: true }));
    await world.pass(1_000);
    await wish([MACOS]);
    await world.pass(35_000);
    expect([world.cache.templates, news()[0]]).toEqual([[], gone]);
  });

  it('are told of when they were gone before', async () => {
    await wish([{ templateId: 'x', tag: 'v1' }]);
    await world.pass(1_000);
    expect(news()).toEqual([{ ...gone, templateId: 'x' }]);
  });

  it('are tried again when that failed', async () => {
    world.cache.removals.push(new Error('the disk is slow'));
    await wish([MACOS]);
    await world.pass(90_000);
    expect([world.cache.templates, news()[0]]).toEqual([[], gone]);
    expect(world.faults).toEqual(['remove template macos: Error: the disk is slow']);
  });

  it('are pulled again for a VM that comes later', async () => {
    await wish([MACOS]);
    await world.pass(1_000);
    await wish([], wishFor('vm', 25));
    await world.pass(10_000);
    expect(world.told).toContain('Started vm');
    expect(world.cache.templates).toHaveLength(1);
  });
});
