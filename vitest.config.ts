import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = (folder: string, entry = 'index.ts') =>
  fileURLToPath(new URL(`packages/${folder}/src/${entry}`, import.meta.url))

export const alias = [
  { find: /^@tyrax\/protocol$/, replacement: source('protocol') },
  { find: /^@tyrax\/hash-threads$/, replacement: source('hash-threads') },
  { find: /^@tyrax\/disk-image$/, replacement: source('disk-image') },
  { find: /^@tyrax\/sdk$/, replacement: source('sdk', 'node/index.ts') },
  { find: /^@tyrax\/sdk\/node$/, replacement: source('sdk', 'node/index.ts') },
  { find: /^@tyrax\/sdk\/browser$/, replacement: source('sdk', 'browser/index.ts') },
  { find: /^@tyrax\/sdk\/internal$/, replacement: source('sdk', 'node/internal.ts') },
  { find: /^@tyrax\/server$/, replacement: source('server') },
  { find: /^@tyrax\/server\/process-identity$/, replacement: source('server', 'data-folder/process-identity.ts') },
  { find: /^@tyrax\/testkit$/, replacement: source('testkit') },
]

/** `TYRAX_TEST_REPORT` names a file for the results as JSON, beside what is printed. */
const report = process.env['TYRAX_TEST_REPORT']
export const reporters: NonNullable<NonNullable<ViteUserConfig['test']>['reporters']> = report
  ? ['default', ['json', { outputFile: report }]]
  : ['default']

/** A thread is made from a file that Node can run: from the build. */
export const builtThread = {
  name: 'built-thread',
  transform: (code: string, id: string) =>
    id.endsWith('/packages/sdk/src/node/decompress/start-thread.ts')
      ? code.replace('import.meta.url', JSON.stringify(pathToFileURL(id.replace('/src/', '/dist/')).href))
      : undefined,
}

export default defineConfig({
  plugins: [builtThread],
  resolve: { alias },
  test: {
    reporters,
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: [
      '**/*.live.test.ts',
      '**/*.browser.test.ts',
      '**/*.outage.test.ts',
      '**/*.runtime.test.ts',
      '**/*.packed.test.ts',
      '**/node_modules/**',
    ],
    // These end only what hangs, before `.ci/run` ends the suite: a busy machine takes many times longer than a quiet one.
    expect: { poll: { timeout: 300_000 } },
    testTimeout: 360_000,
    hookTimeout: 360_000,
    pool: 'forks',
    // Many tests wait for something most of their time.
    maxWorkers: 3,
  },
})
