import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { COMMANDS, type CommandOrigin } from '#events';
import { openDoors } from '../../testing/api.contract.js';
import { instance, join, push, seatOf, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import { House } from '../../testing/house.contract.js';
import { EventsModule } from '../events.module.js';
import { MemoryArchive } from '../../archive/memory-archive.js';
import { recordedAs } from './asked-command.js';
import { auditPage } from './audit.js';
import type { AuditItemDto } from './audit.dto.js';

let house: House;
let app: NestFastifyApplication;

/** As a door sends it. */
const ask = (command: Parameters<House['tell']>[0], actor: string, commandId: string) =>
  house.ask.command(command, {
    actor,
    auth: 'key',
    address: '192.0.2.17',
    correlationId: `corr-${commandId}`,
    commandId,
  });
const start = (vmIds: string[], actor: string, id: string, templateId = TEMPLATE_ID) =>
  ask({ type: 'StartVM', vmIds, request: { templateId } }, actor, id);

beforeAll(async () => {
  house = new House().begin();
  app = await openDoors(house, EventsModule);
  await house.tell(join('mac-01'), 'node/mac-01');
  await ask(push('v1', 'a'), 'root', 'push');
  await start(['vm-1', 'vm-2'], 'ci', 'start-two');
  await house.tell({ type: 'ReportVMStarted', ...seatOf(house, 'vm-1'), instance: instance() }, 'node/mac-01');
  await house.pass(1_000);
  await start(['vm-3'], 'ci', 'start-none', 'no-such-template');
  await house.tell({ type: 'RunTimers' }, 'control-plane');
  await ask({ type: 'TerminateVM', vmId: 'vm-2' }, 'root', 'end-two');
});
afterAll(async () => {
  await app.close();
  await house.end();
});

interface Page {
  readonly items: AuditItemDto[];
  readonly next?: string;
}

const get = (query: string) => app.inject({ method: 'GET', url: `/api/v2/audit?${query}` });
const ids = async (query: string) => (await get(query)).json<Page>().items.map(({ commandId }) => commandId);

describe('GET /api/v2/audit', () => {
  it('has one item for each command that somebody asked for, newest first, and none of nodes and the control plane', async () => {
    expect(await ids('')).toEqual(['end-two', 'start-none', 'start-two', 'push']);
  });

  it('says who asked how and from where, and what was recorded of it', async () => {
    const { items } = (await get('type=StartVM&outcome=accepted')).json<Page>();
    const events = house.archive.events.filter(({ commandSequence }) => commandSequence === 3);
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['StartVM', 'StartVM']);
    expect(items).toEqual([
      {
        ...{ commandId: 'start-two', commandSequence: 3, type: 'StartVM', subject: 'vm/vm-1' },
        ...{ actor: 'ci', authMode: 'key', address: '192.0.2.17', correlationId: 'corr-start-two' },
        ...{ time: new Date(events[0]?.time ?? 0).toISOString(), outcome: 'accepted' },
        events: events.map(({ sequence, id, type }) => ({ sequence, id, type: `muster.vm.${type}` })),
      },
    ]);
  });

  it('says why a command was refused', async () => {
    const [item] = (await get('outcome=refused')).json<Page>().items;
    expect(item).toMatchObject({
      ...{ commandId: 'start-none', type: 'StartVM', subject: 'vm/vm-3', actor: 'ci', outcome: 'refused' },
      ...{ code: 'TEMPLATE_UNKNOWN', authMode: 'key', address: '192.0.2.17' },
      events: [{ type: 'muster.cluster.CommandRefused' }],
    });
    expect(item?.message).toContain('no-such-template');
  });

  it('finds by actor, command, subject, outcome and time', async () => {
    const time = (await get('outcome=refused')).json<Page>().items[0]?.time;
    expect(await ids('actor=ci')).toEqual(['start-none', 'start-two']);
    expect(await ids('type=StartVM')).toEqual(['start-none', 'start-two']);
    expect(await ids('type=StartVM&outcome=refused')).toEqual(['start-none']);
    expect(await ids('type=PushTemplate&outcome=refused')).toEqual([]);
    expect(await ids('subject=vm/vm-2')).toEqual(['end-two', 'start-two']);
    expect(await ids('subject=vm-3')).toEqual(['start-none']);
    expect(await ids('outcome=failed')).toEqual([]);
    expect(await ids(`since=${time}`)).toEqual(['end-two', 'start-none']);
    expect(await ids(`until=${time}`)).toEqual(['start-two', 'push']);
    expect(await ids('actor=root&type=TerminateVM&subject=vm/vm-2&outcome=accepted')).toEqual(['end-two']);
  });

  it.each(['', 'actor=ci', 'type=StartVM', 'subject=vm-2'])('is read to its end page by page: %s', async (query) => {
    const read: string[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = (await get(`${query}&limit=1${cursor}`)).json<Page>();
      read.push(...items.map(({ commandId }) => commandId));
      if (next === undefined) break;
      cursor = `&cursor=${next}`;
    }
    expect(read).toEqual(await ids(query));
  });

  it.each(['type=RunTimers', 'type=ReportVMStarted', 'outcome=maybe', 'limit=201', 'cursor=x', 'kind=apiAction'])(
    'is a problem 400 for %s',
    async (query) => expect((await get(query)).statusCode).toBe(400),
  );

  it('has what was accepted whatever name its sender took', async () => {
    await ask({ type: 'UpdateVM', vmId: 'vm-1', name: 'x' }, 'control-plane', 'forged');
    expect(await ids('limit=1')).toEqual(['forged']);
    expect(await ids('actor=control-plane')).toEqual(['forged']);
    expect(await ids('subject=vm/vm-1')).toEqual(['forged', 'start-two']);
  });
});

describe('commands that are recorded under another name, or several under one', () => {
  const group = 'ci-group';
  beforeAll(async () => {
    await ask({ type: 'CreateGroup', groupId: group, name: 'CI', description: '' }, 'ops', 'group');
    await ask({ type: 'AddNodesToGroups', nodeIds: ['mac-01'], groupIds: [group] }, 'ops', 'in');
    await ask({ type: 'RemoveNodesFromGroups', nodeIds: ['mac-01'], groupIds: [group] }, 'ops', 'out');
  });

  it('are shown and found by the name of what was asked', async () => {
    const { items } = (await get('actor=ops')).json<Page>();
    expect(items.map(({ type }) => type)).toEqual(['RemoveNodesFromGroups', 'AddNodesToGroups', 'CreateGroup']);
    expect(items[0]?.events[0]?.type).toBe('muster.node.NodeGroupsChanged');
    expect(await ids('type=AddNodesToGroups')).toEqual(['in']);
    expect(await ids('type=RemoveNodesFromGroups')).toEqual(['out']);
  });

  it('are shown by the event and found together where a release before 0.4 did not say', async () => {
    const old = house.archive.events.map((event) => ({
      ...event,
      body: event.body.replace(/"commandtype":"\w+",/, ''),
    }));
    const archive = new MemoryArchive();
    archive.events.push(...old);
    const found = await auditPage(archive, { type: 'AddNodesToGroups' }, { before: undefined, limit: 10 });
    expect(found.items.map(({ commandId, type }) => [commandId, type])).toEqual([
      ['out', 'NodeGroupsChanged'],
      ['in', 'NodeGroupsChanged'],
    ]);
  });
});

describe('a command that somebody may ask for', () => {
  const asked = Object.entries(COMMANDS as Record<string, { origin: CommandOrigin }>).filter(
    ([, { origin }]) => origin === 'api',
  );

  it.each(asked.map(([type]) => type))('is recorded under a name by which %s is found', (type) => {
    expect(recordedAs(type)).toBeDefined();
  });
});
