import fc from 'fast-check';
import type { VmId } from '../ids.js';
import { runs } from '../testing/arbitraries.js';
import { isBefore, type Waiting, WaitingLine } from './waiting-line.js';

describe('a waiting line', () => {
  const entry = fc.record({ key: fc.nat(3), sequence: fc.nat(30) });
  const step = fc.record({ add: fc.boolean(), entry });

  it('has the first that a list which is sorted anew each time has', () => {
    fc.assert(
      fc.property(fc.array(step, { size: 'max', maxLength: 200 }), (steps) => {
        const line = new WaitingLine();
        let list: Waiting[] = [];
        for (const { add, entry: at } of steps) {
          const vmId = `${at.key}-${at.sequence}` as VmId;
          const known = list.find((waiting) => waiting.vmId === vmId);
          if (add && known === undefined) {
            const waiting = { ...at, vmId, priority: 1, kind: 'k', hasLeft: false };
            line.add(waiting);
            list = [...list, waiting].sort((a, b) => (isBefore(a, b) ? -1 : 1));
          } else if (!add && known !== undefined) {
            line.remove(known);
            list = list.filter((waiting) => waiting !== known);
          }
          expect(line.first).toEqual(list[0]);
          expect(line.size).toBe(list.length);
        }
      }),
      runs(100),
    );
  });
});
