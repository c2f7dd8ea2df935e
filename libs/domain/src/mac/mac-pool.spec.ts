import { desiredNode } from '../node/desired.js';
import { nodeId, vmId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';
import { macNumber, macText } from './mac-address.js';

const { fillMacs, joins, purgeMacs, push, start, startFailed, terminate, terminated } = samples;
const fleet = [joins('n', { config: { capacity: 9 } }), push('t')];
const macOf = (index: number): string => `0a:00:00:00:00:0${index}`;
const pool = fillMacs(macOf(1), macOf(3));

describe('FillMacPool', () => {
  it('says which addresses are given out from now on, once', () => {
    given()
      .when(fillMacs('0A:00:00:00:00:01', '0A:00:00:00:00:FF'))
      .then({ type: 'FillMacPool', from: '0a:00:00:00:00:01', to: '0a:00:00:00:00:ff' })
      .when(fillMacs('0a:00:00:00:00:01', '0a:00:00:00:00:ff'))
      .then(nothing)
      .when(fillMacs('0a:00:00:00:00:02', '0a:00:00:00:00:ff'))
      .then({ type: 'FillMacPool', from: '0a:00:00:00:00:02', to: '0a:00:00:00:00:ff' });
  });

  it.each([
    ['0a:00', macOf(1), 'must be two addresses of six hexadecimal pairs with colons'],
    [macOf(2), macOf(1), 'ends at 0a:00:00:00:00:01: must not be before 0a:00:00:00:00:02'],
    ['0a:00:00:00:00:00', '0a:00:00:01:00:00', 'has 65537 addresses: must have at most 65536'],
    ['0b:00:00:00:00:00', '0b:00:00:00:00:01', 'has addresses of groups: the first pair must be even'],
  ])('says no to %s-%s', (from, to, message) => {
    given()
      .when(fillMacs(from, to))
      .then(refused({ code: 'INVALID', field: 'mac_addr_range', message }));
  });

  it('takes the largest range that is allowed', () => {
    given()
      .when(fillMacs('0a:00:00:00:00:00', '0a:00:00:00:ff:ff'))
      .then({
        ...{ type: 'FillMacPool', from: '0a:00:00:00:00:00', to: '0a:00:00:00:ff:ff' },
      });
  });
});

describe('A VM that asks for no address of its own', () => {
  it('gets the lowest that is free when it is placed, until its end', () => {
    const story = given(...fleet, pool).when(start(['a', 'b', 'c'], 't'));
    expect(story.happened.slice(3)).toMatchObject([
      { type: 'VMScheduled', vmId: 'a', macAddress: macOf(1) },
      { type: 'VMScheduled', vmId: 'b', macAddress: macOf(2) },
      { type: 'VMScheduled', vmId: 'c', macAddress: macOf(3) },
    ]);
    expect(desiredNode(story.cluster, nodeId('n')).vms[1]).toMatchObject({ macAddress: macOf(2) });
    story.when(terminate('a')).when(start('d', 't'));
    expect(story.happened[1]).not.toHaveProperty('macAddress');
    story.when(terminated('a')).when(start('e', 't'));
    expect(story.happened[1]).toMatchObject({ vmId: 'e', macAddress: macOf(1) });
  });

  it('gets one that has come free before it gets one that was never held', () => {
    const story = given(...fleet, pool, start(['a', 'b'], 't'), startFailed('a', false));
    story.when(start('d', 't'));
    expect(story.happened).toMatchObject([{ type: 'StartVM' }, { type: 'VMScheduled', macAddress: macOf(1) }]);
  });

  it('gets none that another VM asked for', () => {
    const story = given(...fleet, pool, start('own', 't', { macAddress: '0A:00:00:00:00:01' }));
    story.when(start('a', 't'));
    expect(story.happened[1]).toMatchObject({ macAddress: macOf(2) });
  });

  it('starts without one when none is left, and when there is no pool (any more)', () => {
    const story = given(...fleet, fillMacs(macOf(1), macOf(1)), start('a', 't')).when(start('b', 't'));
    expect(story.happened[1]).not.toHaveProperty('macAddress');
    story.when(purgeMacs).then({ type: 'PurgeMacPool' }).when(purgeMacs).then(nothing);
    expect(story.cluster.macs.size).toBe(1);
    story.when(start('c', 't'));
    expect(story.happened[1]).not.toHaveProperty('macAddress');
  });

  it('keeps its own wish: no VM with an address of its own gets another', () => {
    const story = given(...fleet, pool).when(start('own', 't', { macAddress: '02:00:00:00:00:07' }));
    expect(story.happened[1]).not.toHaveProperty('macAddress');
    expect(story.cluster.vms.get(vmId('own'))?.phase.name).toBe('assigned');
  });

  it('keeps what it has when the pool is filled with others', () => {
    const story = given(...fleet, pool, start('a', 't'), fillMacs(macOf(0), macOf(2))).when(start(['b', 'c'], 't'));
    expect(story.happened.slice(2)).toMatchObject([{ macAddress: macOf(0) }, { macAddress: macOf(2) }]);
  });
});

test('An address is a number of 48 bits, and back', () => {
  for (const address of ['00:00:00:00:00:00', '0a:00:00:00:00:01', 'fe:ff:ff:ff:ff:ff'])
    expect(macText(macNumber(address))).toBe(address);
});
