import { describe, expect, it } from '@jest/globals';
import type { Assignment } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { SaveNote, StartFailure, VmNote } from '../notes/vm-notes.js';
import { wishFor } from '../testing/agent-world.js';
import { nextStep, type Step } from './next-step.js';

const wish = (rest: Partial<Assignment> = {}): Assignment => wishFor('vm-1', 5, rest);
const on = (status: HostVm['status'], epoch = 5): HostVm => ({ vmId: 'vm-1', epoch, status, restarts: 0 }) as HostVm;
const failed = (remains: StartFailure['remains']): VmNote => ({
  epoch: 5,
  failure: { message: 'no', retryable: true, remains },
});

const SAVE = { requestId: 'r1', scriptTimeoutMs: 1, cancelOnScriptFailure: false };
const saving = (rest: Partial<Assignment> = {}): Assignment => wish({ started: true, save: SAVE, ...rest });
const noted = (save: Partial<SaveNote>): VmNote => ({ epoch: 5, save: { requestId: 'r1', ...save } as SaveNote });
const SAVED = noted({ stage: 'saved' });
const failedToSave = (mustRun: boolean): VmNote => noted({ stage: 'failed', mustRun });

type Row = [string, Assignment | undefined, HostVm | undefined, VmNote | undefined, Step];
const ROWS: Row[] = [
  ['nothing is known of the VM', undefined, undefined, undefined, 'nothing'],
  ['it is wished', wish(), undefined, undefined, 'start'],
  ['a start was begun', wish(), undefined, { epoch: 5 }, 'start'],
  ['a newer wish was seen', wish(), undefined, { epoch: 6 }, 'nothing'],
  [
    'a newer wish was seen, and the end of an older is wished',
    wish({ wish: 'absent' }),
    undefined,
    { epoch: 6 },
    'nothing',
  ],
  ['an older start failed', wish(), undefined, { ...failed('none'), epoch: 4 }, 'start'],
  ['the start failed and nothing is left', wish(), undefined, failed('none'), 'report-failed'],
  ['the start failed and remains must go', wish(), on('stopped'), failed('none'), 'destroy'],
  ['the start failed, remains are of an older epoch', wish(), on('running', 4), failed('none'), 'destroy'],
  ['the script failed and the VM is to be stopped', wish(), on('running'), failed('stopped'), 'halt'],
  ['the script failed and the VM is stopped', wish(), on('stopped'), failed('stopped'), 'report-failed'],
  ['the script failed and the VM stays', wish(), on('running'), failed('running'), 'report-failed'],
  ['the script failed, the VM stayed and vanished', wish(), undefined, failed('running'), 'report-failed'],
  ['the failure is known', wish({ started: true }), on('stopped'), failed('stopped'), 'report-stopped'],
  ['the failed VM is wished away', wish({ wish: 'absent' }), on('stopped'), failed('stopped'), 'destroy'],
  ['it ended', wish(), undefined, { epoch: 5, ended: true }, 'nothing'],
  [
    'it ended and its end is wished',
    wish({ wish: 'absent' }),
    undefined,
    { epoch: 5, ended: true },
    'report-terminated',
  ],
  ['it runs and nobody knows', wish(), on('running'), { epoch: 5 }, 'announce'],
  ['it is to be saved', saving(), on('running'), { epoch: 5 }, 'save'],
  ['its script ran and it is to be saved', saving(), on('running'), noted({ stage: 'script' }), 'save'],
  ['it was stopped to be saved', saving(), on('stopped'), noted({ stage: 'stopping' }), 'save'],
  ['it is saved', saving(), on('stopped'), SAVED, 'report-saved'],
  ['its saving failed before it was stopped', saving(), on('running'), failedToSave(false), 'report-save-failed'],
  ['its saving failed and it is off', saving(), on('stopped'), failedToSave(true), 'resume'],
  ['its saving failed and it runs again', saving(), on('running'), failedToSave(true), 'report-save-failed'],
  ['its saving failed and it cannot run', saving(), on('stopped'), failedToSave(false), 'report-save-failed'],
  ['it vanished while it was saved', saving(), undefined, noted({ stage: 'stopping' }), 'report-lost'],
  ['it is saved and wished away', saving({ wish: 'absent' }), on('stopped'), SAVED, 'destroy'],
  ['its saving is off', wish({ started: true }), on('stopped'), noted({ stage: 'stopping' }), 'resume'],
  ['its saving came to nothing', wish({ started: true }), on('stopped'), SAVED, 'resume'],
  ['its saving is off before it began', wish({ started: true }), on('running'), noted({ stage: 'script' }), 'nothing'],
  ['its saving failed long ago', wish({ started: true }), on('stopped'), failedToSave(false), 'report-stopped'],
  ['its saving is off and it must restart', wish({ started: true, restarts: 1 }), on('stopped'), SAVED, 'restart'],
  [
    'it is to be saved once more',
    saving({ save: { ...SAVE, requestId: 'r2' } }),
    on('running'),
    failedToSave(false),
    'save',
  ],
  [
    'it is off and to be saved once more',
    saving({ save: { ...SAVE, requestId: 'r2' } }),
    on('stopped'),
    SAVED,
    'resume',
  ],
  ['an older seat of it was saved', saving(), on('running'), { ...SAVED, epoch: 4 }, 'save'],
];

describe('the next step for a VM', () => {
  it.each(ROWS)('when %s', (_, wished, actual, note, step) => {
    expect(nextStep({ wish: wished, actual, note, asOf: 10, announcedEpoch: 0 })).toBe(step);
  });

  it.each([
    [on('running'), 'nothing'],
    [on('stopped'), 'report-stopped'],
    [undefined, 'report-lost'],
  ] as const)('counts a start that was told as known: %j', (actual, step) => {
    expect(nextStep({ wish: wish(), actual, note: { epoch: 5 }, asOf: 10, announcedEpoch: 5 })).toBe(step);
  });
});
