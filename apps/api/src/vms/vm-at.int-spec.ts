import type { RecordedEvent } from '#domain';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import { ApiUnderTest } from '../../../../test/support/api-under-test.js';
import { FleetHistory, randomFrom } from '../../../../test/support/fleet-history.js';
import { until } from '../../../../test/support/until.js';
import { rowsAfterEach } from './testing/rows-after-each.contract.js';
import { shownVm } from './vm-shown.js';

const POINTS = 1_000;
const EVENTS = 3_000;

let world: ApiUnderTest;
let events: readonly RecordedEvent[];
beforeAll(async () => {
  world = await ApiUnderTest.start();
  // This test writes the log itself.
  await world.controlPlane.stop();
  const history = new FleetHistory({ seed: 21, nodes: 3 });
  const told = history.found();
  while (told.length < EVENTS) told.push(...history.tick());
  events = told;
  const link = await NatsLink.connect({ url: world.nats.url, name: 'writer' });
  await new JetStreamEventLog(link).appender(0).append(events);
  await link.close();
  const isThere = async () => (await fetch(`${world.api.url}/api/v2/vms/vm-1?at=${events.length}`)).status !== 400;
  await until('the log is archived', isThere, 30_000);
}, 90_000);
afterAll(() => world.stop(), 30_000);

test(`a VM at ${POINTS} random points, read from Postgres, is what a fold of the whole log makes of it`, async () => {
  const rows = rowsAfterEach(events);
  const ids = [...new Set(events.flatMap(({ event }) => ('vmId' in event ? [event.vmId] : [])))];
  const random = randomFrom(4);
  let there = 0;
  for (let n = 0; n < POINTS; n++) {
    const sequence = Math.floor(random() * (events.length + 1));
    const vmId = ids[Math.floor(random() * ids.length)] ?? '';
    const row = rows[sequence]?.get(vmId);
    const response = await fetch(`${world.api.url}/api/v2/vms/${vmId}?at=${sequence}`);
    const body: unknown = await response.json();
    if (row === undefined) expect([vmId, sequence, response.status]).toEqual([vmId, sequence, 404]);
    else {
      there++;
      expect([vmId, sequence, body]).toEqual([vmId, sequence, JSON.parse(JSON.stringify(shownVm(row)))]);
    }
  }
  expect(there).toBeGreaterThan(POINTS / 4);
}, 60_000);

test('a VM now is what the whole log makes of it, with the same entity tag as at its end', async () => {
  const [last] = rowsAfterEach(events).slice(-1);
  for (const [vmId, row] of [...(last ?? new Map())].slice(-20) as [string, { sequence: number }][]) {
    const now = await fetch(`${world.api.url}/api/v2/vms/${vmId}`);
    const then = await fetch(`${world.api.url}/api/v2/vms/${vmId}?at=${events.length}`);
    expect([now.headers.get('etag'), then.headers.get('etag')]).toEqual([`"${row.sequence}"`, `"${row.sequence}"`]);
    expect(await now.json()).toEqual(await then.json());
  }
});
