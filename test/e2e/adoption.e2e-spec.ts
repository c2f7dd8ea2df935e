import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Instance } from '../support/anka-client.js';
import { Fleet } from '../support/fleet.js';
import { guestsNaming } from '../support/guests.js';
import { bannerOf, reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerDemoTemplate } from '../support/templates.js';

jest.setTimeout(300_000);

describe('a node agent that goes and comes back while its VM runs', () => {
  let fleet: Fleet;
  let before: Instance;
  let guest: number;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'qemu' });
    const template = await offerDemoTemplate(fleet);
    const [id = ''] = await fleet.anka.start({ vmid: template });
    before = await reaches(fleet.anka, id, 'Started');
    guest = guestsNaming(id)[0] as number;
  });
  afterAll(() => fleet?.close());

  async function expectAdopted(): Promise<void> {
    const { instance_id: id } = before;
    await fleet.member('node-agent').start();
    expect(guestsNaming(id)).toEqual([guest]);
    await fleet.ready();
    const after = await reaches(fleet.anka, id, 'Started');
    expect(after.vminfo?.port_forwarding).toEqual(before.vminfo?.port_forwarding);
    expect(after.vminfo?.start_date).toBe(before.vminfo?.start_date);
    expect(after.vminfo?.uuid).toBe(before.vminfo?.uuid);
    expect(await bannerOf(after)).toMatch(/^SSH-2\.0-/);
  }

  it('asked to stop: the VM keeps running and is adopted', async () => {
    await fleet.member('node-agent').terminate();
    await expectAdopted();
  });

  it('killed: the VM keeps running and is adopted', async () => {
    await fleet.member('node-agent').kill();
    await expectAdopted();
  });

  it('hears on its return that the VM was ended meanwhile, and ends it', async () => {
    await fleet.member('node-agent').kill();
    await fleet.anka.terminate(before.instance_id);
    expect(guestsNaming(before.instance_id)).toEqual([guest]);
    await fleet.member('node-agent').start();
    await reaches(fleet.anka, before.instance_id, 'Terminated');
    expect(guestsNaming(before.instance_id)).toEqual([]);
    expect((await replayOf(fleet)).differences).toEqual([]);
  });
});
