import { defineConfig } from 'vitest/config'
import { alias, reporters } from './vitest.config.js'

/** The suites that run the built packages on Node, Bun and Deno. */
export default defineConfig({
  resolve: { alias },
  test: {
    reporters,
    include: ['packages/*/src/**/*.runtime.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
})
