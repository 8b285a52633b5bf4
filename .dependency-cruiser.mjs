// Which way imports go, type-only ones included. `npm run arrows` fails when one goes the other way.

/** The folders of the SDK, the highest first: each may import what stands below it, and itself. */
const sdkFloors = [
  ['node', 'browser'],
  ['public.ts', 'resources.ts'],
  ['cloud'],
  ['image'],
  ['object-store'],
  ['identity'],
  ['service'],
  ['inspect', 'config'],
  ['hashing'],
  ['sources'],
  ['auth'],
  ['completion'],
  ['transfer'],
  ['http'],
  ['retry'],
  ['catalog', 'paging', 'platform'],
  ['transport'],
  ['errors'],
]

/** The folders of the command line, the highest first. */
const cliFloors = [
  ['main.ts', 'pages'],
  ['run'],
  ['habits'],
  ['commands'],
  ['completion'],
  ['transfer'],
  ['bulk', 'doctor', 'gc'],
  ['cloud'],
  ['failure'],
  ['input'],
  ['selectors'],
  ['resources'],
  ['command'],
  ['progress'],
  ['output'],
  ['errors.ts', 'nearest.ts', 'version.ts', 'package-version.ts'],
]

/** What a service of the embedded cloud is made of, by the ends of file names, the highest first. */
const serviceFloors = [['index'], ['routes'], ['service'], ['repository']]

/** The folders and files of the embedded Swift, the highest first. */
const objectStoreFloors = [
  ['index.ts'],
  ['accounts', 'bulk', 'temp-url'],
  ['containers', 'large'],
  ['objects'],
  ['http'],
  ['listing'],
  [
    'access',
    'address.ts',
    'byte-range.ts',
    'bytes-as-text.ts',
    'expiry/delete-at.ts',
    'limits.ts',
    'metadata.ts',
    'timestamps.ts',
  ],
]

const at = (folder, names) =>
  `^packages/${folder}/src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`

const upwards = (name, floors, pathOf) =>
  floors.slice(1).map((floor, below) => ({
    name: `${name}: ${floor.join(', ')} knows what is above it`,
    severity: 'error',
    from: { path: pathOf(floor), pathNot: '(\\.test\\.ts$|/testing/)' },
    to: { path: pathOf(floors.slice(0, below + 1).flat()) },
  }))

const onlyKnows = (name, known) => ({
  name: `${name} knows only: ${known.join(', ') || 'none of the others'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: '(\\.test\\.ts$|\\.test-d\\.ts$|/testing/)' },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...known].join('|')})/` },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    onlyKnows('protocol', []),
    onlyKnows('disk-image', []),
    onlyKnows('hash-threads', []),
    onlyKnows('sdk', ['protocol', 'disk-image', 'hash-threads']),
    onlyKnows('server', ['protocol', 'disk-image', 'hash-threads']),
    onlyKnows('cli', ['sdk', 'server', 'protocol', 'disk-image']),
    onlyKnows('testkit', ['server', 'protocol']),
    ...upwards('sdk', sdkFloors, (names) => at('sdk', names)),
    ...upwards('cli', cliFloors, (names) => at('cli', names)),
    ...upwards(
      'server',
      serviceFloors,
      (names) => `^packages/server/src/(image|identity|object-store)/.*(${names.join('|')})\\.ts$`,
    ),
    ...upwards(
      'object-store of the server',
      objectStoreFloors,
      (names) => `^packages/server/src/object-store/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`,
    ),
    {
      name: 'services and repositories know no HTTP',
      severity: 'error',
      from: { path: '^packages/server/src/(image|identity|object-store)/.*(service|repository)\\.ts$' },
      to: {
        path: '(node_modules/@?hono/|^packages/server/src/(http|(image|identity|object-store)/http)/)',
        // Turns keep long work from holding up other requests; access rules are data of the credentials.
        pathNot: '^packages/server/src/http/(turns|access-rules)\\.ts$',
      },
    },
    {
      name: 'routes leave rules to services: they know no repository and no database',
      severity: 'error',
      from: { path: '^packages/server/src/(image|identity|object-store)/.*routes\\.ts$' },
      to: { path: '^packages/server/src/(database/|.*repository\\.ts$|identity/(directory|seed)\\.ts$)' },
    },
    {
      name: 'only repositories write SQL: services know no database',
      severity: 'error',
      from: { path: '^packages/server/src/(image|identity|object-store)/.*service\\.ts$' },
      to: { path: '^packages/server/src/database/' },
    },
    {
      name: 'a service of the embedded cloud knows no other one',
      severity: 'error',
      from: { path: '^packages/server/src/(image|identity|object-store)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/server/src/(image|identity|object-store)/', pathNot: '^packages/server/src/$1/' },
    },
    {
      name: 'no file imports itself by way of others',
      severity: 'error',
      from: { path: '^packages/', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { circular: true },
    },
    {
      name: 'no import leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(node_modules|/dist/)' },
    exclude: { path: '(/dist/|^node_modules)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'node', 'import', 'default'] },
    tsConfig: { fileName: 'tsconfig.check.json' },
  },
}
