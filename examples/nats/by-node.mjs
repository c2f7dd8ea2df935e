/**
 * What happens on one node: to the node itself, and to its VMs. The subject of a VM's event does not name the node, its data do.
 *   node by-node.mjs <node id> [how many]
 */
import { follow } from './filtered.mjs';

const [id = '', count] = process.argv.slice(2);
await follow(['muster.evt.>'], count, ({ data }) => data.nodeId === id);
