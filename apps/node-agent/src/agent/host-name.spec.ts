import { describe, expect, it } from '@jest/globals';
import { IMAGE, wishFor } from '../testing/agent-world.js';
import { hostName, MAX_HOST_NAME_LENGTH } from './host-name.js';

const NODE = { nodeId: 'mac-01', facts: { name: 'Mac One' } } as never;

describe('the name of a VM on its host', () => {
  it('is made of the template and the time when nobody asked for one', () => {
    expect(hostName(wishFor('vm-1', 5), NODE, 1_772_359_205_000)).toBe('mgmtManaged-macOS-1772359205000000000');
    expect(hostName(wishFor('vm-1', 5, { nameTemplate: '' }), NODE, 1)).toBe('mgmtManaged-macOS-1000000');
  });

  it('has every placeholder filled, as often as it stands there', () => {
    const nameTemplate = '$template_name/$template_id-$instance_id $node_id:$node_name $ts$ts $other $tsx';
    expect(hostName(wishFor('vm-1', 5, { nameTemplate }), NODE, 7)).toBe(
      'mgmtManaged-macOS/macos-vm-1 mac-01:Mac One 70000007000000 $other 7000000x',
    );
  });

  it('does not fill placeholders that a value brings along', () => {
    const image = { ...IMAGE, templateName: '$node_id' };
    expect(hostName(wishFor('vm-1', 5, { image, nameTemplate: '$template_name' }), NODE, 7)).toBe(
      'mgmtManaged-$node_id',
    );
  });

  it('is cut to what a driver takes', () => {
    const image = { ...IMAGE, templateName: 'x'.repeat(200) };
    const name = hostName(wishFor('vm-1', 5, { image, nameTemplate: '$template_name$template_name' }), NODE, 7);
    expect(name).toHaveLength(MAX_HOST_NAME_LENGTH);
  });
});
