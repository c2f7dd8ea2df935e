/**
 * What tests of the domain, and simulations that drive it, share. Needs nothing but the domain itself; for fast-check there is
 * `arbitraries.js` beside it.
 */
export * from './canonical.js';
export * from './dice.js';
export * from './given.js';
export * from './history.js';
export * from './invariants.js';
export * from './plausible-commands.js';
export * from './plausible-reports.js';
export * from './play.js';
export * from './prefix-law.js';
export * as samples from './samples.js';
