/**
 * Events of one type, of whatever they are about.
 *   node by-type.mjs VMStarted [how many]
 */
import { follow } from './filtered.mjs';

const [type = 'VMStarted', count] = process.argv.slice(2);
await follow([`muster.evt.*.*.${type}`], count);
