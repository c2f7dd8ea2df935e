const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^#events/testing$': '<rootDir>/libs/events/src/testing.ts',
    '^#events/jetstream$': '<rootDir>/libs/events/src/jetstream/index.ts',
    '^#(events|domain)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** The suffix of a test file says what it needs: .spec nothing, .int-spec real NATS or Postgres, .e2e-spec the whole product. */
export default {
  // A busy machine is slower than any test is wrong; benches measure speed, tests do not.
  testTimeout: 30_000,
  // What test files leave behind in Node itself (hooks of async contexts, observers) slows every promise of those that come after them in
  // the same process: the simulation took four times as long. A process that has grown is replaced between two files.
  workerIdleMemoryLimit: '600MB',
  projects: [
    { ...base, displayName: 'unit', testRegex: '(apps|libs|tools|test)/.*\\.spec\\.ts$' },
    { ...base, displayName: 'integration', testRegex: '(apps|libs|tools|test)/.*\\.int-spec\\.ts$' },
    { ...base, displayName: 'e2e', testRegex: 'test/.*\\.e2e-spec\\.ts$' },
  ],
};
