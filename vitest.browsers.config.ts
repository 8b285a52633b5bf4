import { defineConfig } from 'vitest/config'
import { alias, reporters } from './vitest.config.js'

/** The suites that run in headless Chromium and Firefox, which the system has to have. */
export default defineConfig({
  resolve: { alias },
  test: {
    reporters,
    include: ['packages/*/src/**/*.browser.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
})
