import { defineConfig } from 'vitest/config'
import { reporters } from './vitest.config.js'

/** What is published, installed from its tarballs in projects of users: no alias leads to the sources. */
export default defineConfig({
  test: {
    reporters,
    include: ['packages/*/src/**/*.packed.test.ts'],
    globalSetup: ['packages/acceptance/src/packed/install-packed.ts'],
    // webpack alone takes more than a minute on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
    maxConcurrency: 2,
  },
})
