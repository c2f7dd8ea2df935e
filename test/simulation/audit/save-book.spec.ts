import { auditPower } from './end-audit.js';
import { breaches, ends, event, newLog, read, seated, vm } from './forged-log.js';

beforeEach(newLog);

const save = (name: string, id = 's1') => event(`muster.image.${name}`, id);
const held = (name: string, requestId = 's1') => vm(name, { requestId });
const running = () => [...seated(), vm('VMStarted')];
const saving = () => [...running(), save('SaveImage'), held('VMPushing')];

describe('the auditor of saves', () => {
  it.each([
    ['that ends well', () => [...saving(), save('ImageSaved'), held('VMPushed'), vm('VMTerminated')]],
    ['that fails', () => [...saving(), held('VMPushFailed'), save('ImageSaveFailed'), save('ImageSaveForgotten')]],
    ['whose VM is lost', () => [...saving(), vm('VMLost'), save('ImageSaveFailed')]],
  ])('finds nothing wrong with one %s', (_, life) => expect(ends(life())).toBe(''));

  it.each([
    ['a VM held that does not run', () => [...seated(), save('SaveImage'), held('VMPushing')], 'does not run'],
    ['a VM held twice', () => [...saving(), held('VMPushing', 's2')], 'is held'],
    ['a VM let go for another save', () => [...saving(), held('VMPushFailed', 's2')], 'is not held for s2'],
    ['a save accepted twice', () => [save('SaveImage'), save('SaveImage')], 'accepted twice'],
    ['a save that ends twice', () => [...saving(), save('ImageSaved'), save('ImageSaveFailed')], 'it had ended'],
    ['a save forgotten too early', () => [...saving(), save('ImageSaveForgotten')], 'has not ended'],
  ])('finds %s', (_, life, what) => expect(breaches(life())).toContain(what));

  it('finds, at the end, a save that has not ended, and the VM that it holds', () => {
    const found = ends(saving());
    expect(found).toContain('s1 has not ended');
    expect(found).toContain('v1 is still held for s1');
  });

  it.each([
    ['a guest that is off and was not told of', () => running(), [], 'v1 is off and was told of as on'],
    ['a guest that runs though it was told of as off', () => [...running(), vm('VMStopped')], ['v1'], 'v1 is on'],
  ])('finds %s', (_, life, on, what) => {
    const log = read(life());
    auditPower(log, new Set(on));
    expect(log.breaches.join()).toContain(what);
  });
});
