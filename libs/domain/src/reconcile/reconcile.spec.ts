import { type Action, type Actual, reconcile, type Wish } from './reconcile.js';

/**
 * The whole table. A wish is present or absent, of a VM known to have started or not, with 0 or 1 restarts
 * asked for, to be saved or not; on the host
 * there is nothing, or a running or stopped VM that was restarted 0 or 1 times, under an older, the same or a newer epoch than the
 * wish. Where no wish names the VM, only its epoch against `asOf` counts.
 */
const EPOCH = 10;
const ANY = '*';

type Row = [
  wish: string,
  started: string,
  restarts: string,
  save: string,
  epoch: string,
  actual: string,
  done: string,
  action: Action,
];

const TABLE: Row[] = [
  // Nothing on the host: the VM is to be made, is missing, or is gone as wished.
  ['present', 'new', ANY, ANY, 'none', ANY, ANY, 'start'],
  ['present', 'started', ANY, ANY, 'none', ANY, ANY, 'report-lost'],
  ['absent', ANY, ANY, ANY, 'none', ANY, ANY, 'report-terminated'],
  // What is on the host belongs to another seat: an older one is rubbish, a newer one means that the wish is the old one.
  [ANY, ANY, ANY, ANY, 'older', ANY, ANY, 'destroy'],
  [ANY, ANY, ANY, ANY, 'newer', ANY, ANY, 'nothing'],
  // The same seat.
  ['absent', ANY, ANY, ANY, 'same', ANY, ANY, 'destroy'],
  ['present', 'new', ANY, ANY, 'same', 'running', ANY, 'announce'],
  ['present', 'new', ANY, ANY, 'same', 'stopped', ANY, 'start'],
  ['present', 'started', ANY, 'save', 'same', ANY, ANY, 'save'],
  ['present', 'started', '1', '-', 'same', ANY, '0', 'restart'],
  ['present', 'started', '0', '-', 'same', 'running', '0', 'nothing'],
  ['present', 'started', '0', '-', 'same', 'running', '1', 'nothing'],
  ['present', 'started', '1', '-', 'same', 'running', '1', 'report-restarted'],
  ['present', 'started', '0', '-', 'same', 'stopped', '0', 'report-stopped'],
  ['present', 'started', '0', '-', 'same', 'stopped', '1', 'report-stopped'],
  ['present', 'started', '1', '-', 'same', 'stopped', '1', 'report-stopped'],
];

const EPOCHS: Record<string, number> = { older: EPOCH - 1, same: EPOCH, newer: EPOCH + 1 };
const product = <T>(...lists: T[][]): T[][] =>
  lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
const wishes = product(['present', 'absent'], ['new', 'started'], ['0', '1'], ['-', 'save']);
const actuals = [['none', '-', '-'], ...product(Object.keys(EPOCHS), ['running', 'stopped'], ['0', '1'])];
const combinations = wishes.flatMap((wish) => actuals.map((actual) => [...wish, ...actual]));

function rowsFor(combination: string[]): Row[] {
  return TABLE.filter((row) => combination.every((value, column) => row[column] === ANY || row[column] === value));
}

describe('reconcile', () => {
  it('has one row, and only one, for every combination of wish and host', () => {
    expect(combinations).toHaveLength(16 * 13);
    for (const combination of combinations)
      expect([combination, rowsFor(combination).length]).toEqual([combination, 1]);
    for (const row of TABLE)
      expect([row, combinations.some((each) => rowsFor(each).includes(row))]).toEqual([row, true]);
  });

  describe.each([
    ['older than everything on the host', EPOCH - 5],
    ['of the moment of the wish', EPOCH],
    ['of later', EPOCH + 5],
  ])('under a desired state %s', (_, asOf) => {
    it.each(combinations)('%s %s, restarts %s, %s; on the host: %s epoch, %s, restarted %s', (...combination) => {
      const [present, started, wanted, save, epoch, status, done] = combination as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const wish: Wish = {
        epoch: EPOCH,
        wish: present as Wish['wish'],
        started: started === 'started',
        restarts: Number(wanted),
        ...(save === 'save' && { save: {} }),
      };
      const actual: Actual | undefined =
        epoch === 'none'
          ? undefined
          : { epoch: EPOCHS[epoch] ?? 0, status: status as Actual['status'], restarts: Number(done) };
      expect(reconcile(wish, actual, asOf)).toBe(rowsFor(combination)[0]?.[7]);
    });
  });

  describe('without a wish', () => {
    it('does nothing where nothing is', () => expect(reconcile(undefined, undefined, 0)).toBe('nothing'));

    it.each(product<'running' | 'stopped' | '0' | '1'>(['running', 'stopped'], ['0', '1']))(
      'destroys a VM that is %s, restarted %s, if the desired state speaks of its time, and else leaves it alone',
      (status, restarts) => {
        const actual = { epoch: EPOCH, status: status as Actual['status'], restarts: Number(restarts) };
        expect(reconcile(undefined, actual, EPOCH + 1)).toBe('destroy');
        expect(reconcile(undefined, actual, EPOCH)).toBe('destroy');
        expect(reconcile(undefined, actual, EPOCH - 1)).toBe('nothing');
      },
    );
  });
});
