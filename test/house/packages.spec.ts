import { dependencyReasons, licences, type Lock, type Manifest } from './rules/dependencies.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './rules/source.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;

describe('every package has a reason', () => {
  it('holds for package.json', () => expect(dependencyReasons(manifest, read('docs/dependencies.md'))).toEqual([]));

  it('catches a package without a reason, with too short a reason, and a reason without its package', () => {
    const document = '| Package | Why |\n|---|---|\n| `pg` | good |\n| `left-pad` | once upon a time we needed it |\n';
    const problems = dependencyReasons({ dependencies: { pg: '8', typeorm: '1' } }, document);
    expect(problems).toEqual([
      'docs/dependencies.md gives no reason for pg',
      'docs/dependencies.md gives no reason for typeorm',
      'docs/dependencies.md names left-pad, which package.json does not',
    ]);
  });
});

describe('licences', () => {
  const own = read('LICENSE');

  it('are ours to use', () => {
    expect(licences(manifest, JSON.parse(read('package-lock.json')) as Lock, own)).toEqual([]);
  });

  it('catches a missing text, another licence and a package we may not ship', () => {
    const lock = { packages: { '': {}, 'node_modules/a': { license: 'SSPL-1.0' }, 'node_modules/b': { dev: true } } };
    expect(licences({ license: 'MIT' }, lock, 'Apache License')).toEqual([
      'package.json states licence MIT; it must be Apache-2.0',
      'LICENSE must hold the whole text of the Apache License, Version 2.0',
      'node_modules/a has licence SSPL-1.0, under which we may not ship it',
    ]);
  });
});
