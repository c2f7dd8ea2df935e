import { MAX_DISK_BYTES } from '#domain';
import type { NodePlan } from './fleet.js';
import { withDisk } from './node-plans.js';

const plan = { nodeId: 'n', facts: { name: 'n' }, capacity: 1 } as NodePlan;

describe('the plan of a node', () => {
  it('says how large the disk is', () => expect(withDisk(plan, 1e12).facts.diskBytes).toBe(1e12));

  it.each([0, -1, MAX_DISK_BYTES + 1, Infinity])('says nothing of a disk of %d bytes', (diskBytes) =>
    expect(withDisk(plan, diskBytes).facts).not.toHaveProperty('diskBytes'),
  );
});
