import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Save } from '../support/anka-client.js';
import type { EventTap } from '../support/event-tap.js';
import { Fleet } from '../support/fleet.js';
import { guestsNaming } from '../support/guests.js';
import { base64, reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerDemoTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(600_000);

const SAVE_LIMIT_MS = 180_000;

describe('a real VM that is saved as an image', () => {
  let fleet: Fleet;
  let tap: EventTap;
  let template: string;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'qemu' });
    tap = await fleet.tap();
    template = await offerDemoTemplate(fleet);
  });
  afterAll(() => fleet?.close());

  /** Starts a VM whose monitored script ended well. What the script printed. */
  async function started(tag: string | undefined, script: string): Promise<{ id: string; stdout: string }> {
    const order = { vmid: template, ...(tag !== undefined && { tag }), script_monitoring: true };
    const [id = ''] = await fleet.anka.start({ ...order, startup_script: base64(script) });
    const { startup_script } = await reaches(fleet.anka, id, 'Started', SAVE_LIMIT_MS);
    return { id, stdout: startup_script?.stdout ?? '' };
  }

  /** Has the VM saved. How it ended. */
  async function save(id: string, tag: string, script: string): Promise<Save> {
    const order = { id, target_vm_id: template, tag, script: base64(script), cancel_on_script_failure: true };
    const requestId = await fleet.anka.save(order);
    expect(await fleet.anka.saved(requestId)).toMatchObject({ id: requestId, status: 'pending', error: null });
    await until(
      'The save has ended',
      async () => (await fleet.anka.saved(requestId)).status !== 'pending',
      SAVE_LIMIT_MS,
    );
    return fleet.anka.saved(requestId);
  }

  it('leaves a tag from which VMs begin with what it wrote, and is gone itself', async () => {
    const { id } = await started(undefined, 'echo kept >/root/file');
    const saved = await save(id, 'saved', 'echo more >>/root/file; echo done');
    expect(saved).toMatchObject({ status: 'done', error: null, script_result: { return_code: 0, stdout: 'done\n' } });
    await until('No process of it is left', () => guestsNaming(id).length === 0, SAVE_LIMIT_MS);
    await tap.hears(id, 'VMTerminated');
    expect(tap.namesOf(id)).not.toContain('VMStopped');
    const { stdout } = await started('saved', 'cat /root/file');
    expect(stdout).toBe('kept\nmore\n');
  });

  it('stays for inspection when its script fails, and no tag is made', async () => {
    const { id } = await started('saved', 'true');
    const failed = await save(id, 'never', 'echo half done; exit 5');
    expect(failed).toMatchObject({
      status: 'error',
      error: { Message: 'Script execution failed' },
      script_result: { return_code: 5 },
    });
    await reaches(fleet.anka, id, 'Started');
    expect(guestsNaming(id)).toHaveLength(1);
  });

  it('left a log that the same rules would write again', async () => {
    expect((await replayOf(fleet)).differences).toEqual([]);
  });
});
