import type { Assignment, TemplateImage } from '#domain';
import { AgentWorld, IMAGE, wishFor } from '../testing/agent-world.js';

const imageOf = (templateId: string): TemplateImage => ({ ...IMAGE, templateId });
const started = (vmId: string, epoch: number, rest: Partial<Assignment> = {}): Assignment =>
  wishFor(vmId, epoch, { started: true, ...rest });

describe('a full disk', () => {
  let world: AgentWorld;

  beforeEach(async () => {
    world = new AgentWorld();
    for (const templateId of ['idle', 'other']) world.cache.templates.push({ templateId, tag: 'v1', sizeBytes: 1 });
    await world.start();
    await world.wish(wishFor('vm-1', 10));
    await world.pass(1000);
    world.cache.isFull = true;
  });
  afterEach(() => world.crash());

  const evicted = (): string[] =>
    world.reports.flatMap((report) => (report.type === 'ReportTemplateEvicted' ? [report.templateId] : []));
  const here = (): string[] => world.cache.templates.map(({ templateId }) => templateId).sort();

  it('loses to a new template what no VM uses, and says so', async () => {
    await world.wish(started('vm-1', 10), wishFor('vm-2', 11, { image: imageOf('new') }));
    await world.pass(5000);
    expect(evicted()).toEqual(['idle', 'other']);
    expect(here()).toEqual(['macos', 'new']);
    expect(world.told.at(-1)).toBe('Started vm-2');
  });

  it('keeps what a distribution has brought or brings', async () => {
    const pulls = [
      { distributionId: 'd1', image: imageOf('other') },
      { distributionId: 'd2', image: imageOf('new') },
    ];
    await world.put({ asOf: 11, vms: [started('vm-1', 10)], pulls });
    await world.pass(5000);
    expect(evicted()).toEqual(['idle']);
    expect(here()).toEqual(['macos', 'new', 'other']);
  });

  it('is told which template each VM is made of', async () => {
    await world.wish(started('vm-1', 10), wishFor('vm-2', 11));
    await world.pass(1000);
    expect(world.cache.uses).toEqual(['macos v1', 'macos v1']);
  });
});
