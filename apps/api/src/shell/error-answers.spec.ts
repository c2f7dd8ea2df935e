import { Unavailable } from '#events';
import { ErrorAnswers, RouteUnknown, UnreadableBody } from './error-answers.js';
import { Problem, problemWording } from './problem.js';

const post = { method: 'POST', url: '/x' };

describe('who words an error', () => {
  test('is the dialect with the longest claim on the path', () => {
    const answers = new ErrorAnswers();
    const wide = () => ({ status: 1, body: '' });
    const narrow = () => ({ status: 2, body: '' });
    answers.claim('/api/v1', wide);
    answers.claim('/api/v1/registry', narrow);
    expect(answers.wordingFor('/api/v1/vm?id=7')).toBe(wide);
    expect(answers.wordingFor('/api/v1')).toBe(wide);
    expect(answers.wordingFor('/api/v1/registry/vm')).toBe(narrow);
    expect(answers.wordingFor('/api/v10')).toBeUndefined();
    expect(answers.wordingFor('/blobs/x?/api/v1/')).toBeUndefined();
  });
});

describe('our own words', () => {
  const bodyOf = (error: unknown) => JSON.parse(problemWording(error, post).body as string) as Record<string, unknown>;

  test('are problems, except for an unknown route', () => {
    expect(problemWording(new RouteUnknown('GET', '/x'), post)).toMatchObject({
      status: 404,
      body: '404 page not found',
    });
    expect(bodyOf(new Problem(409, 'Taken', 'Use another', { tag: 'v1' }))).toEqual({
      ...{ type: 'about:blank', title: 'Taken', status: 409, detail: 'Use another', tag: 'v1' },
    });
    expect(problemWording(new UnreadableBody(413, 'too large'), post)).toMatchObject({ status: 413 });
  });

  test('tell when to come back, and no more of our inside than which part is away', () => {
    const secret = new Unavailable('postgres', 'Cannot reach postgres://muster:secret@db');
    const answer = problemWording(secret, post);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(bodyOf(secret)).toMatchObject({ away: 'postgres' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(JSON.stringify(problemWording(new Error('stack of secrets'), post))).not.toContain('secrets');
  });

  test('say that a command is queued, and nothing of the kind when it was only a question', () => {
    const away = new Unavailable('control-plane', 'nobody answers');
    expect(bodyOf(away)).toMatchObject({
      title: 'The control plane is not available; the command is queued',
      detail: 'Ask again, with the same Idempotency-Key',
    });
    const answer = problemWording(away, { method: 'GET', url: '/x' });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(JSON.parse(answer.body as string)).toMatchObject({
      ...{ title: 'The control plane is not available', detail: 'Ask again', away: 'control-plane' },
    });
  });
});
