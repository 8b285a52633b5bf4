import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = (folder: string, entry = 'index.ts') =>
  fileURLToPath(new URL(`packages/${folder}/src/${entry}`, import.meta.url))

export const alias = [
  { find: /^@tyrax\/protocol$/, replacement: source('protocol') },
  { find: /^@tyrax\/disk-image$/, replacement: source('disk-image') },
  { find: /^@tyrax\/sdk$/, replacement: source('sdk', 'node/index.ts') },
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

export default defineConfig({
  resolve: { alias },
  test: {
    reporters,
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/*.live.test.ts', '**/*.outage.test.ts', '**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
