import { defineConfig } from 'vitest/config'
import { alias, reporters } from './vitest.config.js'

/** The suites that run in headless Chromium and Firefox, which the system has to have. */
export default defineConfig({
  resolve: { alias },
  test: {
    reporters,
    include: ['packages/*/src/**/*.browser.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
})
