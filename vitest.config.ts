import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{shared,electron,renderer}/**/*.test.ts',
      'tests/*.test.ts',
      'tests/{postgres,desktop,web,sample}/**/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores, and real servers behind many of the tests.
    maxWorkers: 2,
  },
});
