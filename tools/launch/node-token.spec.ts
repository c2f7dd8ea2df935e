import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiHeaders } from './api-headers.js';
import { nodeTokenIn } from './node-token.js';

describe('the token of the node agents', () => {
  it('is made once, and for the owner of the installation only', () => {
    const dir = mkdtempSync(join(tmpdir(), 'muster-token-'));
    const token = nodeTokenIn(dir);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(nodeTokenIn(dir)).toBe(token);
    expect(statSync(join(dir, 'node.token')).mode & 0o777).toBe(0o600);
    rmSync(dir, { recursive: true });
  });
});

describe('what the tools show to the API', () => {
  it('is the root token of the environment, if there is one', () => {
    expect(apiHeaders({})).toEqual({});
    expect(apiHeaders({ ANKA_ROOT_TOKEN: '0123456789' })).toEqual({ authorization: 'Basic cm9vdDowMTIzNDU2Nzg5' });
  });
});
