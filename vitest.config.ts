import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{shared,electron,renderer}/**/*.test.ts',
      'tests/*.test.ts',
      'tests/{postgres,desktop,web,sample}/**/*.test.ts',
    ],
    environment: 'node',
    // These limits only end what hangs: a machine with other work needs several times longer.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    // Two cores, and real servers behind many of the tests.
    maxWorkers: 2,
  },
});
