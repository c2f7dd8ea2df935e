/**
 * The life of one VM.
 *   node by-vm.mjs <VM id> [how many]
 */
import { follow, token } from './filtered.mjs';

const [id = '', count] = process.argv.slice(2);
await follow([`muster.evt.vm.${token(id)}.>`], count);
