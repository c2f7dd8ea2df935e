import { describePorts } from '../contract/index.contract.js';
import { makeMemoryWorld } from './memory-world.contract.js';

describePorts('in memory', () => makeMemoryWorld());

describePorts('in memory over a slow network', () => makeMemoryWorld(({ client }) => (client.length % 3) * 4 + 1));
