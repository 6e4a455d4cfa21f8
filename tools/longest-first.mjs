/** Suites that take a minute or more: one of them alone at the end would leave the other core idle. */
const LONG = ['e2e/kill-9', 'simulation/simulation', 'audit/damage-table', 'e2e/life', 'e2e/start', 'guides/audit'];

/** The order in which jest runs the suites: the long ones first, then by name, the same on every machine. */
export default class LongestFirst {
  sort(suites) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`/test/${name}.spec.js`));
      return at < 0 ? LONG.length : at;
    };
    return [...suites].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  shard(suites) {
    return suites;
  }

  allFailedTests() {
    return [];
  }

  cacheResults() {}
}
