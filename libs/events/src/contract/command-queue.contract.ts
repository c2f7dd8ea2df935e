import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeCommand } from '../cloud-event.js';
import { sampleCommand, sampleReport, take } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

const good = encodeCommand(sampleCommand('c-1'));
const report = encodeCommand(sampleReport('r-1', 'mac.mini-01'));

/** What a NATS client may write, and what is said of it. */
const UNREADABLE: readonly (readonly [string, string, unknown, RegExp])[] = [
  ['bytes that are no JSON', 'muster.cmd.vm.TerminateVM', '{', /must be JSON/],
  ['JSON that is no object', 'muster.cmd.vm.TerminateVM', 7, /must be an object/],
  [
    'an unknown type',
    'muster.cmd.vm.Explode',
    { ...good, type: 'muster.vm.Explode' },
    /"muster.vm.Explode" is not known/,
  ],
  ['an empty id', 'muster.cmd.vm.TerminateVM', { ...good, id: '' }, /has no id/],
  ['an id that is no header', 'muster.cmd.vm.TerminateVM', { ...good, id: 'a\r\nb' }, /id must be 1–\d+ printable/],
  ['an actor that is no string', 'muster.cmd.vm.TerminateVM', { ...good, actor: 7 }, /actor must be a string/],
  ['no data', 'muster.cmd.vm.TerminateVM', { ...good, data: null }, /data must be an object/],
  ['a wrong field', 'muster.cmd.vm.TerminateVM', { ...good, data: { vmId: 1 } }, /TerminateVM.vmId must be string/],
  ['a second type', 'muster.cmd.vm.TerminateVM', { ...good, data: { vmId: 'v', type: 'DeleteNode' } }, /field "type"/],
  ['another command than the subject says', 'muster.cmd.vm.RestartVM', good, /must come on muster.cmd.vm.TerminateVM/],
  ['a report as a command', 'muster.cmd.vm.ReportVMLost', report, /must come on muster.rpt.mac=2Emini-01.ReportVMLost/],
  ['a command as a report', 'muster.rpt.mac-01.TerminateVM', good, /must come on muster.cmd.vm.TerminateVM/],
  ['a report about another node', 'muster.rpt.mac-02.ReportVMLost', report, /must come on muster.rpt.mac=2Emini-01/],
];

/** What every form of {@link CommandQueue} does. */
export function describeCommandQueue(form: string, makeWorld: MakeWorld): void {
  describe(`the command queue ${form}`, () => {
    let world: World;
    let sender: Ports;
    let reader: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      sender = await world.connect('sender');
      reader = await world.connect('reader');
    });
    afterEach(() => world.end());

    it('numbers commands from one and gives them back as they were sent', async () => {
      expect(await sender.queue.lastSequence()).toBe(0);
      expect(await sender.queue.publish(sampleCommand('c-1'))).toEqual({ sequence: 1, duplicate: false });
      expect(await sender.queue.publish(sampleReport('r-1', 'mac.mini-01'))).toEqual({ sequence: 2, duplicate: false });
      const [command, report] = await take(reader.queue.follow(1), 2);
      expect(command).toMatchObject({ sequence: 1, subject: 'muster.cmd.vm.TerminateVM' });
      expect(command?.content).toEqual({ ok: true, envelope: sampleCommand('c-1') });
      expect(command?.replyTo).toBeUndefined();
      expect(report).toMatchObject({ sequence: 2, subject: 'muster.rpt.mac=2Emini-01.ReportVMLost' });
      expect(report?.content).toEqual({ ok: true, envelope: sampleReport('r-1', 'mac.mini-01') });
      expect(await reader.queue.lastSequence()).toBe(2);
    });

    it('gives every command the time of the stream, which never goes back', async () => {
      await sender.queue.publish(sampleCommand('c-1'));
      await world.pass(30);
      await sender.queue.publish(sampleCommand('c-2'));
      const [first, second] = await take(reader.queue.follow(1), 2);
      expect(Number.isInteger(first?.time)).toBe(true);
      expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(20);
      expect(first?.time).not.toBe(sampleCommand('c-1').time);
    });

    it('stores an id once and says where', async () => {
      await sender.queue.publish(sampleCommand('c-1'));
      await sender.queue.publish(sampleCommand('c-2'));
      expect(await reader.queue.publish(sampleCommand('c-1'))).toEqual({ sequence: 1, duplicate: true });
      expect(await sender.queue.lastSequence()).toBe(2);
    });

    it('takes many at once and keeps the order of one sender', async () => {
      const ids = Array.from({ length: 5000 }, (_, index) => `c-${index}`);
      const acks = await Promise.all(ids.map((id) => sender.queue.publish(sampleCommand(id))));
      expect(acks.map(({ sequence }) => sequence)).toEqual(ids.map((_, index) => index + 1));
      const read = await take(reader.queue.follow(1), ids.length);
      expect(read.map(({ content }) => content.ok && content.envelope.id)).toEqual(ids);
    });

    it('does not send a command whose id cannot be a header', async () => {
      await expect(sender.queue.publish(sampleCommand('a\nb'))).rejects.toThrow(RangeError);
      await expect(sender.door.send(sampleCommand('a b'))).rejects.toThrow(RangeError);
    });

    it.each(UNREADABLE)('shows %s as unreadable, with the reason', async (_what, subject, value, reason) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      await sender.publishRaw({ stream: 'COMMANDS', subject, text, messageId: 'mine' });
      await sender.publishRaw({ stream: 'COMMANDS', subject, text });
      const [named, nameless] = await take(reader.queue.follow(1), 2);
      expect(named?.content).toEqual({ ok: false, id: 'mine', error: expect.stringMatching(reason) });
      expect(nameless?.content).toMatchObject({ ok: false, id: 'seq-2' });
    });

    it('lets a reply go to nobody', async () => {
      reader.queue.reply('_INBOX.nobody.1', { kind: 'accepted', sequence: 1 });
      expect(await reader.queue.lastSequence()).toBe(0);
    });
  });
}
