import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Options {
  at: string;
  log: (line: string) => void;
}
interface Bootstrap {
  ensureNodeModules(options: Options): boolean;
  ensureBuild(options: Options): boolean;
}
const { ensureNodeModules, ensureBuild } = (await import(join(import.meta.dirname, 'bootstrap.mjs'))) as Bootstrap;

/** A program that stands for npm or for the compiler: it notes that it ran, and does what the test says. */
const program = (then = '') => `require('node:fs').appendFileSync('runs', 'x');${then}`;

describe('a repository that prepares itself', () => {
  let at: string;
  let options: Options;
  const npmBefore = process.env['npm_execpath'];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  };
  const runs = (): number => (existsSync(join(at, 'runs')) ? readFileSync(join(at, 'runs'), 'utf8').length : 0);
  const lockWith = (version: string) =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: version } } });

  beforeEach(() => {
    at = mkdtempSync(join(tmpdir(), 'muster-bootstrap-'));
    options = { at, log: () => undefined };
    write('package.json', '{}');
    write('package-lock.json', lockWith('1.0.0'));
    write('npm.js', program(`require('node:fs').mkdirSync('node_modules', { recursive: true });`));
    write('node_modules/@nestjs/cli/package.json', '{}');
    write('node_modules/@nestjs/cli/bin/nest.js', program());
    process.env['npm_execpath'] = join(at, 'npm.js');
  });
  afterEach(() => {
    if (npmBefore === undefined) delete process.env['npm_execpath'];
    else process.env['npm_execpath'] = npmBefore;
    rmSync(at, { recursive: true });
  });

  it('installs once, and again when the lock file changed', () => {
    expect(ensureNodeModules(options)).toBe(true);
    expect(ensureNodeModules(options)).toBe(false);
    write('package-lock.json', lockWith('1.0.1'));
    expect(ensureNodeModules(options)).toBe(true);
    expect(runs()).toBe(2);
  });

  it('takes what npm installed by hand as it is, if it is what the lock file wants', () => {
    write('node_modules/.package-lock.json', lockWith('1.0.0'));
    expect(ensureNodeModules(options)).toBe(false);
    expect(runs()).toBe(0);
  });

  it('installs when npm had installed another version', () => {
    write('node_modules/.package-lock.json', lockWith('0.9.0'));
    expect(ensureNodeModules(options)).toBe(true);
  });

  it('says which program failed, and tries again the next time', () => {
    write('npm.js', program('process.exit(3)'));
    expect(() => ensureNodeModules(options)).toThrow(/npm\.js ci .*exit code 3/);
    expect(() => ensureNodeModules(options)).toThrow();
    expect(runs()).toBe(2);
  });

  it('builds once, again when a source changed, and not for a spec', () => {
    write('apps/api/src/main.ts', 'one');
    expect(ensureBuild(options)).toBe(true);
    write('apps/api/src/main.spec.ts', 'a test');
    expect(ensureBuild(options)).toBe(false);
    write('apps/api/src/main.ts', 'two');
    expect(ensureBuild(options)).toBe(true);
    expect(runs()).toBe(2);
  });

  it('removes what was built from a source that is gone', () => {
    write('apps/api/src/main.ts', 'one');
    write('dist/apps/api/src/main.js', 'kept');
    write('dist/apps/api/src/migrations/1-gone.js', 'gone');
    ensureBuild(options);
    expect(existsSync(join(at, 'dist/apps/api/src/main.js'))).toBe(true);
    expect(existsSync(join(at, 'dist/apps/api/src/migrations/1-gone.js'))).toBe(false);
  });

  it('builds all that the compiler is told to', () => {
    const { include } = JSON.parse(readFileSync(join(import.meta.dirname, '../tsconfig.build.json'), 'utf8')) as {
      include: readonly string[];
    };
    for (const [n, pattern] of include.entries()) {
      write(pattern.replace('**/*', `source${n}`), 'one');
      expect([pattern, ensureBuild(options)]).toEqual([pattern, true]);
    }
  });

  it('builds again after a build that failed', () => {
    write('apps/api/src/main.ts', 'one');
    write('dist/.tsbuildinfo', 'all was written');
    write('node_modules/@nestjs/cli/bin/nest.js', program('process.exit(1)'));
    expect(() => ensureBuild(options)).toThrow(/nest\.js build api ended with exit code 1/);
    expect(existsSync(join(at, 'dist/.tsbuildinfo'))).toBe(false);
    write('node_modules/@nestjs/cli/bin/nest.js', program());
    expect(ensureBuild(options)).toBe(true);
  });
});
