/** Imports point down (docs/architecture.md). One rule a layer: what it may reach; everything else is forbidden. */
const layers = {
  domain: ['domain'],
  crypto: ['domain', 'crypto'],
  store: ['domain', 'store'],
  delivery: ['domain', 'crypto', 'store', 'delivery'],
  settings: ['domain', 'crypto', 'settings'],
  engine: ['domain', 'crypto', 'store', 'engine'],
  provider: ['domain', 'crypto', 'store', 'engine', 'pages', 'provider'],
  http: ['domain', 'crypto', 'store', 'engine', 'pages', 'http'],
  pages: ['domain', 'engine', 'pages'],
  cli: ['domain', 'crypto', 'store', 'engine', 'settings', 'cli'],
}

const layerRules = Object.entries(layers).map(([layer, reachable]) => ({
  name: `${layer}-points-down`,
  severity: 'error',
  comment: `src/${layer} may import ${reachable.join(', ')} and nothing else of ours`,
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: reachable.map((name) => `^src/${name}/`) },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'a-method-sees-only-the-domain',
      severity: 'error',
      comment: 'a method may import src/domain and its own folder: it cannot sign anybody in, and knows no other method',
      from: { path: '^src/methods/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/domain/', '^src/methods/$1/'] },
    },
    {
      name: 'the-list-of-methods-is-a-list',
      severity: 'error',
      comment: 'src/methods/index.ts names the methods and nothing more',
      from: { path: '^src/methods/index[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/domain/', '^src/methods/[^/]+/index[.]ts$'] },
    },
    {
      name: 'only-the-server-knows-the-methods',
      severity: 'error',
      comment: 'the list of methods is handed in by server.ts and main.ts',
      from: { path: '^src/', pathNot: ['^src/methods/', '^src/(server|main)[.]ts$'] },
      to: { path: '^src/methods/' },
    },
    {
      name: 'the-domain-does-nothing',
      severity: 'error',
      comment: 'src/domain has no I/O: of Node it may use crypto (randomness) and url (IDNA)',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|url)$' },
    },
    {
      name: 'the-sdk-stands-alone',
      severity: 'error',
      comment: 'an application installs sdk/ without the server; its part for browsers knows nothing of Node',
      from: { path: '^sdk/src/' },
      to: { path: '^src/' },
    },
    {
      name: 'browsers-have-no-node',
      severity: 'error',
      comment: 'sdk/src/browser runs in a page',
      from: { path: '^sdk/src/browser/' },
      to: { pathNot: '^sdk/src/browser/' },
    },
    { name: 'no-circles', severity: 'error', comment: 'a circle of imports has no bottom', from: {}, to: { circular: true } },
    {
      name: 'all-resolved',
      severity: 'error',
      comment: 'an import leads nowhere',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:sqlite$' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
