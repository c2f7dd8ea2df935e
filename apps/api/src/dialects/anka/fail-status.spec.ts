import type { Refusal } from '#domain';
import { type FailStatus, FAIL_STATUSES, withFailStatus } from './fail-status.js';
import { BadInput, notFound } from './failure.js';
import { refused } from './refusals.js';
import { ankaWording } from './wording.js';

const unknownTemplate = { code: 'TEMPLATE_UNKNOWN', templateId: 't' } as Refusal;
const unknownTag = { code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' } as Refusal;

const codeOf = (rule: FailStatus, error: unknown, method = 'POST'): number =>
  withFailStatus(rule, ankaWording)(error, { method, url: '/api/v1/vm' }).status;
const codes = (error: unknown, method?: string): number[] => FAIL_STATUSES.map((rule) => codeOf(rule, error, method));

describe('the code of a refusal, when it is mixed, always 200, always 400', () => {
  it.each([
    ['an unknown template', refused(unknownTemplate, 'start'), [400, 200, 400]],
    ['an unknown tag', refused(unknownTag, 'start'), [200, 200, 400]],
    ['a body that is wrong', new BadInput('count must be a number'), [400, 200, 400]],
    ['an id that leads nowhere', notFound(), [200, 200, 200]],
  ])('of %s', (_, error, expected) => expect(codes(error)).toEqual(expected));

  it('of a question stays 200', () => expect(codes(notFound(), 'GET')).toEqual([200, 200, 200]));

  it('is no concern of a fault', () => expect(codes(new Error('bug'))).toEqual([500, 500, 500]));
});
