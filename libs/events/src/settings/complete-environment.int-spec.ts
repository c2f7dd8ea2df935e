import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeEnvironment } from './complete-environment.driver.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-settings-'));
const path = join(folder, 'anka.ini');
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(...lines: readonly string[]): { ANKA_CONFIG: string } {
  writeFileSync(path, lines.join('\n'));
  return { ANKA_CONFIG: path };
}

describe('the environment, completed', () => {
  it('is as it was without a file and without flags', () => {
    expect(completeEnvironment({ PATH: '/bin' }, [])).toEqual({ PATH: '/bin' });
  });

  it('has what the file says, comments and quotes aside', () => {
    const env = fileOf(
      '; where',
      'listen-addr = :80',
      'ANKA_ALLOW_CORS = true',
      'muster-home = "/a folder"',
      'etcd-endpoints=x',
    );
    expect(completeEnvironment(env, [])).toEqual({
      ...env,
      ...{ ANKA_LISTEN_ADDR: ':80', ANKA_ALLOW_CORS: 'true', MUSTER_HOME: '/a folder', ANKA_ETCD_ENDPOINTS: 'x' },
    });
  });

  it('takes the flag before the variable and the variable before the file, whatever name each uses', () => {
    const env = { ...fileOf('listen-addr = :1', 'allow-cors = true'), MUSTER_LISTEN: ':2' };
    expect(completeEnvironment(env, [])).toEqual({ ...env, ANKA_ALLOW_CORS: 'true' });
    const { MUSTER_LISTEN: _, ...others } = env;
    expect(completeEnvironment(env, ['--listen-addr', ':3'])).toEqual({
      ...others,
      ...{ ANKA_ALLOW_CORS: 'true', ANKA_LISTEN_ADDR: ':3' },
    });
  });

  it('finds the file by a flag', () => {
    fileOf('allow-cors = true');
    expect(completeEnvironment({}, ['--config', path])).toMatchObject({ ANKA_ALLOW_CORS: 'true' });
  });

  it.each([
    ['there is no setting listn-addr; the nearest is ANKA_LISTEN_ADDR', ['listn-addr = s3cret']],
    ['sections have no meaning here', ['[allow-cors]', 'x = s3cret']],
  ])('is refused: %s', (message, lines) => {
    const env = fileOf(...lines);
    expect(() => completeEnvironment(env, [])).toThrow(message);
    expect(() => completeEnvironment(env, [])).not.toThrow('s3cret');
  });

  it('is refused when the file is not there', () => {
    expect(() => completeEnvironment({ ANKA_CONFIG: join(folder, 'none.ini') }, [])).toThrow(
      'Cannot read the file of settings',
    );
  });
});
