import { Unavailable } from '#events';
import { ErrorAnswers, RouteUnknown, UnreadableBody } from './error-answers.js';
import { Problem, problemWording } from './problem.js';

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
  const bodyOf = (error: unknown) => JSON.parse(problemWording(error).body as string) as Record<string, unknown>;

  test('are problems, except for an unknown route', () => {
    expect(problemWording(new RouteUnknown('GET', '/x'))).toMatchObject({ status: 404, body: '404 page not found' });
    expect(bodyOf(new Problem(409, 'Taken', 'Use another', { tag: 'v1' }))).toEqual({
      ...{ type: 'about:blank', title: 'Taken', status: 409, detail: 'Use another', tag: 'v1' },
    });
    expect(problemWording(new UnreadableBody(413, 'too large'))).toMatchObject({ status: 413 });
  });

  test('tell when to come back, and no more of our inside than which part is away', () => {
    const secret = new Unavailable('postgres', 'Cannot reach postgres://muster:secret@db');
    const answer = problemWording(secret);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(bodyOf(secret)).toMatchObject({ away: 'postgres' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(JSON.stringify(problemWording(new Error('stack of secrets')))).not.toContain('secrets');
  });
});
