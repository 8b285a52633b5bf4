import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { alias, builtThread, reporters } from './vitest.config.js'

/** The suites that need the real Keystone, Glance and Swift, or clients from PyPI. */
const outages = Boolean(process.env['TYRAX_OUTAGES'])

/** The contracts take far longer than any other file: last, they would run alone for minutes. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith('/contracts/real.live.test.ts')
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  plugins: [builtThread],
  resolve: { alias },
  test: {
    reporters,
    // The outages take minutes of waiting for tokens and restarts: `npm run test:outages`.
    include: [outages ? 'packages/*/src/**/*.outage.test.ts' : 'packages/*/src/**/*.live.test.ts'],
    globalSetup: ['packages/acceptance/src/real-services.ts'],
    expect: { poll: { timeout: 120_000 } },
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // The outages stop the services that they share.
    maxWorkers: outages ? 1 : 3,
    fileParallelism: !outages,
  },
})
