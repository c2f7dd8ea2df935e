import { ENDPOINTS } from '../../tools/docs/anka/endpoints.js';
import { evidenceIn, unlisted } from '../../tools/docs/anka/evidence.js';
import { isTested } from '../../tools/docs/anka-page.js';
import { readTree } from './rules/source.js';

const tree = readTree();
const endpoints = ENDPOINTS.flatMap(([, list]) => list);
const untested = (texts: Parameters<typeof evidenceIn>[0]): string[] => {
  const evidence = evidenceIn(texts);
  return endpoints
    .filter((endpoint) => evidence(endpoint).isRouted && !isTested(evidence(endpoint)))
    .map(({ door, method, path }) => `${method} ${path} (${door})`);
};

describe('the endpoints of Anka Build Cloud', () => {
  it('that have a route have a test', () => expect(untested(tree)).toEqual([]));
  it('are all that the dialect has routes for', () => expect(unlisted(tree, endpoints)).toEqual([]));

  it('are caught without a test, and routes that nobody listed', () => {
    const controller = {
      path: 'apps/api/src/dialects/anka/x.controller.ts',
      text: "@Controller('api/v1') @Route('GET vm', 'All') @Route('GET nonsense', 'What')",
    };
    const spec = { path: 'apps/api/src/dialects/anka/x.spec.ts', text: "await call('GET', `vm?id=${id}`)" };
    expect(untested([controller])).toEqual(['GET /api/v1/vm (controller)']);
    expect(untested([controller, spec])).toEqual([]);
    expect(unlisted([controller], endpoints)).toEqual(['GET /api/v1/nonsense (controller)']);
  });

  it('count goldens, other requests and clients', () => {
    const request = { method: 'GET', url: '/api/v1/vm?id=1' };
    const evidence = evidenceIn([
      { path: 'apps/api/src/dialects/anka/goldens/1.json', text: JSON.stringify({ request }) },
      { path: 'apps/api/src/dialects/anka/x.spec.ts', text: "call('GET', 'vm'); call('POST', 'vm')" },
      { path: 'test/clients/some-ci.ts', text: "this.get('/api/v1/vm'); this.ask('GET', `/api/v1/vm?id=${id}`)" },
    ]);
    const found = evidence({ door: 'controller', method: 'GET', path: '/api/v1/vm' });
    expect(found).toEqual({ isRouted: false, goldens: 1, requests: 1, clients: ['some-ci'] });
  });
});
