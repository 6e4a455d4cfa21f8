/** The suites that need a real API server: `npm run test:cluster` starts one, or uses the one in KUBECONFIG. */
export default {
  runner: 'jest-light-runner',
  testMatch: ['<rootDir>/dist/test/cluster/**/*.spec.js'],
  testTimeout: 180_000,
  maxWorkers: 1,
};
