/** The servers that Muster stands on, started as child processes: for `npm start` and for tests. */
export { startEmbeddedNats, type EmbeddedNats, type EmbeddedNatsOptions } from './nats.js';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './postgres.js';
