/**
 * The import rule of ARCHITECTURE.md. A library is reached through its front door (src/index.ts),
 * and imports only what its row allows.
 */
const may = {
  execution: [],
  tekton: ['execution'],
  'event-store': ['execution'],
  kubernetes: ['execution', 'tekton'],
  runtime: ['execution', 'tekton', 'event-store', 'kubernetes'],
  audit: ['execution', 'event-store'],
  'read-model': ['execution', 'event-store', 'runtime', 'audit'],
};

/** npm packages and Node built-ins a pure library may import: none. */
const pure = ['execution', 'tekton'];

const libraryRules = Object.entries(may).map(([library, allowed]) => ({
  name: `${library}-imports-only-what-its-row-allows`,
  comment: `libs/${library} may import: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^libs/${library}/src/` },
  to: {
    path: '^(libs|src|apps|test)/',
    pathNot: [`^libs/${library}/src/`, ...allowed.map((name) => `^libs/${name}/src/index\\.ts$`)],
  },
}));

const knowledge = [
  [
    'node-sqlite',
    '^node:sqlite$|^sqlite$',
    ['^libs/event-store/src/sqlite/', '^libs/read-model/src/sqlite/', '^test/'],
  ],
  ['kurrentdb-client', 'node_modules/@kurrent/', ['^libs/event-store/src/kurrentdb/', '^test/']],
  ['kubernetes-client', 'node_modules/@kubernetes/client-node/', ['^libs/kubernetes/src/', '^test/']],
  ['nest', 'node_modules/@nestjs/', ['^src/', '^apps/', '^test/']],
  ['prom-client', 'node_modules/prom-client/', ['^src/', '^apps/', '^test/']],
].map(([name, target, where]) => ({
  name: `${name}-is-known-in-one-place`,
  severity: 'error',
  from: { path: '^(src|apps|libs|test)/', pathNot: where },
  to: { path: target },
}));

module.exports = {
  forbidden: [
    ...libraryRules,
    ...knowledge,
    {
      name: 'pure-libraries-know-nothing',
      severity: 'error',
      from: { path: `^libs/(${pure.join('|')})/src/` },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'front-door-only',
      comment: 'outside a library, import its index',
      severity: 'error',
      from: { path: '^(src|apps)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(src|apps|libs)/', pathNot: '/test/' },
      to: { path: '^test/|/test/' },
    },
    {
      name: 'libraries-do-not-know-the-applications',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(src|apps)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
