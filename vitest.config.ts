import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/shared-folder.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Generous, for a machine that does other things as well: no test measures time.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    pool: 'forks',
    isolate: false,
    maxWorkers: 3, // a third of a test is waiting for processes to end
    sequence: { sequencer: LongestFirst },
  },
})
