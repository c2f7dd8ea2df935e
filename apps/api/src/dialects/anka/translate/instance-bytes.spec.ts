import type { VmRow } from '../../../views/index.js';
import type { Moment } from './instance.js';
import { InstanceBytes } from './instance-bytes.js';

const row = (changes: object = {}): VmRow => ({ id: 'vm-1', nodeId: 'mac-01', pulling: false, ...changes }) as VmRow;
const moment = (changes: Partial<Moment> = {}): Moment => ({
  ...{ registry: 'http://reg', pullProgress: () => undefined, heardAt: () => undefined },
  ...changes,
});

describe('the bytes of an instance', () => {
  let made: number;
  let bytes: InstanceBytes;
  beforeEach(() => {
    made = 0;
    bytes = new InstanceBytes(() => Uint8Array.of(++made));
  });

  it('are made once while the row is the same object and the moment says the same', () => {
    const one = row({ instance: {} });
    expect(bytes.of(one, moment())).toBe(bytes.of(one, moment()));
    bytes.of(row({ instance: {} }), moment());
    expect(made).toBe(2);
  });

  it.each<[string, VmRow, Partial<Moment>]>([
    ['another registry is to be shown', row(), { registry: 'http://other' }],
    ['its pull went on', row({ pulling: true }), { pullProgress: () => 0.5 }],
    ['its node was heard again', row({ instance: {} }), { heardAt: () => 7 }],
  ])('are made again when %s', (_, one, change) => {
    bytes.of(one, moment());
    bytes.of(one, moment(change));
    expect(made).toBe(2);
  });
});
