import { defineConfig } from 'vitest/config'
import { alias, builtThread, reporters } from './vitest.config.js'

/** The suites that need the real Keystone, Glance and Swift, or clients from PyPI. */
const outages = Boolean(process.env['TYRAX_OUTAGES'])

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
    // The Python clients take a second or two of one core to start. The outages stop the services that they share.
    maxWorkers: outages ? 1 : 2,
    fileParallelism: !outages,
  },
})
