/** The ports in memory and a clock that stands still: for tests and the simulation. */
export { settled } from './clock/settle.system.js';
export { VirtualClock } from './clock/virtual-clock.js';
export * from './memory/index.js';
