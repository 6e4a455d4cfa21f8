/** Specs run compiled, from dist: `npm test` builds first. Cluster suites have a config of their own. */
export default {
  runner: 'jest-light-runner',
  testMatch: ['<rootDir>/dist/**/*.spec.js'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/test/cluster/'],
  testTimeout: 30_000,
  testSequencer: '<rootDir>/tools/longest-first.mjs',
  maxWorkers: 2,
};
