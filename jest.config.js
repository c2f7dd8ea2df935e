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
  projects: [
    { ...base, displayName: 'unit', testRegex: '(apps|libs|tools|test)/.*\\.spec\\.ts$' },
    { ...base, displayName: 'integration', testRegex: '(apps|libs|tools|test)/.*\\.int-spec\\.ts$' },
    { ...base, displayName: 'e2e', testRegex: 'test/.*\\.e2e-spec\\.ts$' },
  ],
};
