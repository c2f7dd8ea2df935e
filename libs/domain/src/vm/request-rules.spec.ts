import { checkForwards, checkMetadata, checkScript } from './request-rules.js';
import { samples } from '../testing/index.js';

const { script } = samples;

describe('metadata', () => {
  it('may be absent, and holds up to 64 keys of text, numbers and booleans', () => {
    expect(checkMetadata(undefined)).toBeUndefined();
    expect(checkMetadata({ a: 'x', b: 1, c: false })).toBeUndefined();
    expect(checkMetadata(keys(64))).toBeUndefined();
    expect(checkMetadata(keys(65))).toMatchObject({ field: 'metadata', message: 'has 65 keys: must have at most 64' });
  });

  it('has short entries, key and value together', () => {
    expect(checkMetadata({ ab: 'x'.repeat(4094) })).toBeUndefined();
    expect(checkMetadata({ ab: 'x'.repeat(4095) })).toMatchObject({ field: 'metadata.ab' });
    expect(checkMetadata({ ['k'.repeat(5000)]: 1 })).toMatchObject({ field: `metadata.${'k'.repeat(64)}` });
  });

  it.each([[{}], [[]], [null], [undefined]])('does not hold %j', (value) => {
    expect(checkMetadata({ a: value } as never)).toEqual({
      code: 'INVALID',
      field: 'metadata.a',
      message: 'must be text, a number or a boolean',
    });
  });
});

describe('forward rules', () => {
  const rule = (guestPort: number, hostPort?: number) => ({ name: 'x', guestPort, ...(hostPort && { hostPort }) });

  it('may be absent, and may leave the host port to the host', () => {
    expect(checkForwards(undefined)).toBeUndefined();
    expect(checkForwards([rule(22), rule(22), rule(1, 65_535)])).toBeUndefined();
  });

  it('are at most 32', () => {
    const rules = Array.from({ length: 33 }, (_, n) => rule(n + 1));
    expect(checkForwards(rules.slice(1))).toBeUndefined();
    expect(checkForwards(rules)).toMatchObject({ field: 'forwards', message: 'has 33 rules: must have at most 32' });
  });

  it('name ports from 1 to 65535, no host port twice, and have no long names', () => {
    expect(checkForwards([rule(0)])).toMatchObject({ code: 'OUT_OF_RANGE', field: 'guest_port' });
    expect(checkForwards([rule(65_536)])).toMatchObject({ code: 'OUT_OF_RANGE', field: 'guest_port' });
    expect(checkForwards([rule(22, 70_000)])).toMatchObject({ code: 'OUT_OF_RANGE', field: 'host_port' });
    expect(checkForwards([rule(22, 80), rule(23, 80)])).toMatchObject({ message: 'names host port 80 twice' });
    expect(checkForwards([{ name: 'x'.repeat(257), guestPort: 1 }])).toMatchObject({ code: 'INVALID' });
  });
});

describe('a startup script', () => {
  it('is named by its digest and has a time limit', () => {
    expect(checkScript(undefined)).toBeUndefined();
    expect(checkScript(script())).toBeUndefined();
    expect(checkScript(script({ digest: 'md5:1' }))).toMatchObject({ field: 'script.digest' });
    expect(checkScript(script({ timeoutMs: 0 }))).toMatchObject({ field: 'script_timeout', min: 1 });
    expect(checkScript(script({ timeoutMs: 86_400_001 }))).toMatchObject({ field: 'script_timeout', max: 86_400_000 });
  });
});

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
