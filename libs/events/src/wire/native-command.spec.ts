import { MAX_VMS_PER_COMMAND } from '#domain';
import { derivedId } from '../derived-id.js';
import { readCommand } from './command-message.js';
import { toldOf } from './native-command.js';

const SUBJECT = 'muster.cmd.vm.StartVM';
const found = (
  body: object,
  more: { subject?: string; messageId?: string; replyTo?: string } = { messageId: 'wish' },
) => readCommand({ sequence: 1, time: 5, subject: SUBJECT, text: JSON.stringify(body), ...more });
const request = { templateId: 't' };

describe('a command of a NATS client', () => {
  it('needs no id beside that of its message, no type beside that of its subject, and no ids for new VMs', () => {
    expect(found({ data: { request, count: 2 } }).content).toEqual({
      ok: true,
      envelope: {
        id: 'wish',
        time: 0,
        actor: 'anonymous',
        auth: 'nats',
        correlationId: 'wish',
        command: { type: 'StartVM', vmIds: [derivedId('wish', 0), derivedId('wish', 1)], request },
      },
    });
    expect(found({ data: { request } }).content).toMatchObject({
      envelope: { command: { vmIds: [derivedId('wish', 0)] } },
    });
  });

  it('may say all of it itself', () => {
    const whole = { id: 'own', type: 'muster.vm.StartVM', data: { vmIds: ['a'], request } };
    expect(found(whole).content).toMatchObject({ ok: true, envelope: { id: 'own', command: { vmIds: ['a'] } } });
  });

  it('leaves a count that is too high to the rules of the domain', () => {
    const content = found({ data: { request, count: 10 ** 9 } }).content;
    expect(content).toMatchObject({ ok: true });
    const vmIds = content.ok && content.envelope.command.type === 'StartVM' ? content.envelope.command.vmIds : [];
    expect(vmIds).toHaveLength(MAX_VMS_PER_COMMAND + 1);
  });

  it.each([
    [{ data: { request, count: -1 } }],
    [{ data: { request, count: 1.5 } }],
    [{ data: { request, count: '2' } }],
    [{}],
  ])('cannot be read as %j', (body) => expect(found(body).content).toMatchObject({ ok: false, id: 'wish' }));

  it('needs an id from somewhere', () => {
    expect(found({ data: { request } }, {}).content).toMatchObject({
      ok: false,
      error: expect.stringMatching(/no id/),
    });
  });

  it('is answered on an inbox, and nowhere else', () => {
    const body = { data: { request } };
    const reply = (replyTo: string) => found(body, { messageId: 'w', replyTo }).replyTo;
    for (const inbox of ['_INBOX.a.b', '_INBOX_ci.1', '_INBOX_node.mac=2E01.x']) expect(reply(inbox)).toBe(inbox);
    for (const other of [
      'muster.evt.vm.a.VMStarted',
      '_INBOX',
      '_INBOX.>',
      '_INBOX.*',
      '$JS.API.INFO',
      ' _INBOX.a',
      '_INBOX.a..b',
    ])
      expect(reply(other)).toBeUndefined();
  });

  it('is none when it is an event', () => {
    const event = { id: 'e', type: 'muster.vm.TerminateVM', commandsequence: 4, data: { vmId: 'a' } };
    const { content } = found(event, { subject: 'muster.cmd.vm.TerminateVM' });
    expect(content).toMatchObject({ ok: false, error: 'Cannot read command: it is an event' });
  });
});

describe('what its sender is told', () => {
  it('are the ids of the VMs, when they were accepted', () => {
    const received = found({ data: { request } });
    const accepted = { kind: 'accepted', sequence: 3 } as const;
    const refused = { kind: 'refused', refusal: { code: 'TEMPLATE_UNKNOWN', templateId: 't' } } as const;
    expect(toldOf(received, accepted)).toEqual({ ...accepted, vmIds: [derivedId('wish', 0)] });
    expect(toldOf(received, refused)).toEqual(refused);
    expect(toldOf(found({}), accepted)).toEqual(accepted);
  });
});
