import { Unavailable } from '#events';
import { RouteUnknown, UnreadableBody } from '../../shell/error-answers.js';
import { refused } from './refusals.js';
import { ankaWording } from './wording.js';

describe('a refusal in the words of Anka', () => {
  it.each([
    [{ code: 'TEMPLATE_UNKNOWN', templateId: 't' }, 400, 'VM not in the registry', 200, 'Not found'],
    [{ code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' }, 200, 'No such tag v9', 200, 'No such tag v9'],
    [{ code: 'VM_UNKNOWN', vmId: 'x' }, 400, 'Not found', 200, 'Not found'],
    [{ code: 'NODE_UNKNOWN', nodeId: 'n' }, 400, 'No such node n', 200, 'Not found'],
    [{ code: 'DISTRIBUTION_UNKNOWN', distributionId: 'd' }, 400, 'Not found', 200, 'Not found'],
    [{ code: 'API_KEY_UNKNOWN', keyId: 'k' }, 400, 'Not found', 200, 'Not found'],
    [{ code: 'PERMISSION_GROUP_UNKNOWN', name: 'g' }, 400, 'Not found', 200, 'Not found'],
    [{ code: 'WEBHOOK_UNKNOWN', webhookId: 'w' }, 400, 'Not found', 200, 'Not found'],
    [{ code: 'GROUP_UNKNOWN', groupId: 'g' }, 400, 'No such group g', 200, 'Not found'],
  ] as const)('%j', (refusal, startStatus, startText, changeStatus, changeText) => {
    expect(refused(refusal, 'start')).toMatchObject({ httpStatus: startStatus, message: startText });
    expect(refused(refusal, 'change')).toMatchObject({ httpStatus: changeStatus, message: changeText });
  });

  it.each([
    [{ code: 'VERSION_UNKNOWN', templateId: 't', version: 4 }, 'No such version 4'],
    [{ code: 'API_KEY_EXISTS', keyId: 'k' }, 'API key k exists already'],
    [{ code: 'WEBHOOK_EXISTS', webhookId: 'w' }, 'Webhook w exists already'],
    [{ code: 'WEBHOOK_CHANGED', webhookId: 'w', version: 7 }, 'Webhook w has changed meanwhile'],
    [{ code: 'GROUP_EXISTS', groupId: 'g' }, 'Group g exists already'],
    [{ code: 'GROUP_CYCLE', path: ['g', 'h', 'g'] }, 'fallback_group_id closes a circle: g > h > g'],
    [{ code: 'DISTRIBUTION_EXISTS', distributionId: 'd' }, 'Request d exists already'],
    [{ code: 'TAG_EXISTS', templateId: 't', tag: 'v1' }, 'Tag v1 exists already'],
    [{ code: 'VM_EXISTS', vmId: 'x' }, 'Instance x exists already'],
    [{ code: 'VM_NOT_RUNNING', vmId: 'x', phase: 'stopped' }, 'Unexpected VM state: "stopped"'],
    [
      { code: 'OUT_OF_RANGE', field: 'max_vm_count', value: -1, min: 0, max: 9 },
      'max_vm_count is -1: must be a whole number from 0 to 9',
    ],
    [{ code: 'INVALID', field: 'name', message: 'is 300 characters long' }, 'name is 300 characters long'],
    [
      { code: 'CAPACITY_BELOW_USE', nodeId: 'n', field: 'max_vm_count', capacity: 1, inUse: 2 },
      'max_vm_count is 1: must be at least 2, the VMs on the node',
    ],
    [{ code: 'COMMAND_FAILED', message: 'stack' }, 'The request could not be decided; it was recorded as failed'],
  ] as const)('%j is 400, whatever was asked', (refusal, message) => {
    for (const asked of ['start', 'change'] as const) {
      expect(refused(refusal, asked)).toMatchObject({ httpStatus: 400, message });
    }
  });
});

describe('an error in the words of Anka', () => {
  const told = (error: unknown) => {
    const { status, headers, body } = ankaWording(error);
    return { status, headers, text: Buffer.from(body as Uint8Array).toString() };
  };

  it.each(['nats', 'postgres', 'control-plane', 'blob-store'] as const)(
    '%s away: 503, and when to come back',
    (part) => {
      const { status, headers, text } = told(new Unavailable(part, 'nats://user:secret@host refused'));
      expect([status, headers?.['retry-after'], headers?.['content-type']]).toEqual([503, '2', 'application/json']);
      expect(JSON.parse(text)).toEqual({ status: 'FAIL', message: expect.stringContaining('ask again') });
      expect(text).not.toContain('secret');
    },
  );

  it('a body that cannot be read: its status, in the envelope', () => {
    expect(told(new UnreadableBody(413, 'too large'))).toMatchObject({
      status: 413,
      text: '{"status":"FAIL","message":"too large"}\n',
    });
  });

  it('an unknown route: plain text', () => {
    expect(ankaWording(new RouteUnknown('GET', '/api/v1/x'))).toEqual({
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '404 page not found\n',
    });
  });

  it('a bug: 500, and nothing of it', () => {
    expect(told(new Error('secret'))).toMatchObject({
      status: 500,
      text: '{"status":"FAIL","message":"Internal error"}\n',
    });
  });
});
