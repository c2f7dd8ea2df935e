import { vmId } from '../ids.js';
import { given, refused, samples } from '../testing/index.js';

const { push, start, terminate } = samples;
const a = vmId('a');
const waiting = [push('t'), start('a', 't', { name: 'first', metadata: { kept: 1, changed: 1 } })];

describe('UpdateVM', () => {
  it('changes what is named and leaves the rest', () => {
    const story = given(...waiting)
      .when({ type: 'UpdateVM', vmId: 'a', externalId: 'job 7' })
      .then({ type: 'UpdateVM', vmId: a, externalId: 'job 7' })
      .when({ type: 'UpdateVM', vmId: 'a', name: 'second' })
      .then({ type: 'UpdateVM', vmId: a, name: 'second' });
    expect(story.cluster.vms.get(a)).toMatchObject({ name: 'second', externalId: 'job 7' });
  });

  it('merges metadata key by key', () => {
    const story = given(...waiting).when({ type: 'UpdateVM', vmId: 'a', metadata: { changed: 2, added: 'x' } });
    expect(story.cluster.vms.get(a)?.metadata).toEqual({ kept: 1, changed: 2, added: 'x' });
  });

  it('may be asked of a VM in any phase', () => {
    given(...waiting, terminate('a'))
      .when({ type: 'UpdateVM', vmId: 'a', name: 'late' })
      .then({ type: 'UpdateVM', vmId: a, name: 'late' });
  });

  it('says no to long names and to more metadata than a VM may have, old and new together', () => {
    const tooLong = (length: number, max: number) => `is ${length} characters long: must be at most ${max}`;
    const many = Object.fromEntries(Array.from({ length: 63 }, (_, n) => [`k${n}`, n]));
    given(...waiting)
      .when({ type: 'UpdateVM', vmId: 'a', name: 'x'.repeat(257) })
      .then(refused({ code: 'INVALID', field: 'name', message: tooLong(257, 256) }))
      .when({ type: 'UpdateVM', vmId: 'a', externalId: 'x'.repeat(2049) })
      .then(refused({ code: 'INVALID', field: 'externalId', message: tooLong(2049, 2048) }))
      .when({ type: 'UpdateVM', vmId: 'a', metadata: many })
      .then(refused({ code: 'INVALID', field: 'metadata', message: 'has 65 keys: must have at most 64' }));
  });

  it('knows no VM that is not there', () => {
    given()
      .when({ type: 'UpdateVM', vmId: 'a' })
      .then(refused({ code: 'VM_UNKNOWN', vmId: 'a' }));
  });
});
