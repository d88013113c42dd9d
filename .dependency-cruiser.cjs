/**
 * Imports point down (docs/architecture.md). One rule a layer: what it may import; everything else is
 * forbidden.
 */
const layers = {
  domain: ['domain'],
  moving: ['domain', 'crypto', 'moving'],
  crypto: ['domain', 'crypto'],
  words: ['domain', 'words'],
  store: ['domain', 'store'],
  federation: ['domain', 'crypto', 'words', 'federation'],
  delivery: ['domain', 'crypto', 'store', 'delivery'],
  settings: ['domain', 'crypto', 'settings'],
  engine: ['domain', 'crypto', 'words', 'store', 'engine'],
  provider: ['domain', 'crypto', 'words', 'store', 'engine', 'federation', 'pages', 'provider'],
  http: ['domain', 'crypto', 'words', 'store', 'engine', 'pages', 'http'],
  pages: ['domain', 'words', 'pages'],
  cli: ['domain', 'crypto', 'moving', 'store', 'engine', 'settings', 'cli'],
}

/** Folders in an order: each may import those before it. */
const orders = {
  'src/engine': [
    'audit',
    'limits',
    'keys',
    'tickets',
    'messages',
    'sessions',
    'credentials',
    'clients',
    'connections',
    'accounts',
    'organisations',
    'moving',
    'provisioning',
    'policy',
    'sign-in',
    'recovery',
    'sign-up',
    'operations',
  ],
  'src/http': ['metrics', 'schema', 'caller', 'page', 'server', 'routes'],
}

const layerRules = Object.entries(layers).map(([layer, reachable]) => ({
  name: `${layer}-points-down`,
  severity: 'error',
  comment: `src/${layer} may import ${reachable.join(', ')} and nothing else of ours`,
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: reachable.map((name) => `^src/${name}/`) },
}))

const orderRules = Object.entries(orders).flatMap(([folder, subjects]) =>
  subjects.slice(0, -1).map((subject, place) => ({
    name: `${folder.replace('src/', '')}-${subject}-in-order`,
    severity: 'error',
    comment: `${folder}/${subject} may import what stands before it: ${subjects.slice(0, place + 1).join(', ')}`,
    from: { path: `^${folder}/${subject}/` },
    to: { path: subjects.slice(place + 1).map((later) => `^${folder}/${later}/`) },
  })),
)

module.exports = {
  orders,
  forbidden: [
    ...layerRules,
    ...orderRules,
    {
      name: 'a-subject-has-a-place-in-the-order',
      severity: 'error',
      comment: 'a new folder of src/engine or src/http is entered above, at its place',
      from: {
        path: Object.keys(orders).map((folder) => `^${folder}/[^/]+/`),
        pathNot: Object.entries(orders).map(([folder, subjects]) => `^${folder}/(${subjects.join('|')})/`),
      },
      to: {},
    },
    {
      name: 'a-subject-takes-its-needs',
      severity: 'error',
      comment: 'src/engine/engine.ts is the roof: a subject imports its own needs.ts instead',
      from: { path: '^src/engine/[^/]+/' },
      to: { path: '^src/engine/engine[.]ts$' },
    },
    {
      name: 'routes-of-one-subject-know-no-others',
      severity: 'error',
      comment: 'what two subjects of src/http/routes share is in src/http/page, caller or schema',
      from: { path: '^src/http/routes/([^/]+)/' },
      to: { path: '^src/http/routes/', pathNot: '^src/http/routes/$1/' },
    },
    {
      name: 'a-method-sees-only-the-domain',
      severity: 'error',
      comment:
        'a method may import src/domain, its translations and its own folder: it cannot sign anybody in, and knows no other method. What those by redirect share is in src/federation/method',
      from: { path: '^src/methods/([^/]+)/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/domain/',
          '^src/methods/$1/',
          '^src/federation/method/',
          '^src/words/in-every-language[.]ts$',
        ],
      },
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
      comment: 'the list of methods is handed in by installation.ts and main.ts',
      from: { path: '^src/', pathNot: ['^src/methods/', '^src/(installation|main)[.]ts$'] },
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
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'a circle of imports has no bottom',
      from: {},
      to: { circular: true },
    },
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
