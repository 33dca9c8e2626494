import { defineConfig } from '@playwright/test';

/** Without a sandbox and without the background lookups that a closed network would answer with a flood of refusals. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Names what belongs to this run; its workers inherit it. Two runs on one machine do not meet.
process.env.HOWDAH_E2E_RUN ??= String(process.pid);

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/e2e/sample-server.ts',
  // Two cores, and a PostgreSQL behind every page.
  workers: 1,
  // Nothing is tried twice. Both limits only end what hangs: a machine with other work needs several times longer.
  timeout: 420_000,
  expect: { timeout: 60_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.HOWDAH_CHROMIUM ?? '/usr/bin/chromium', args },
    acceptDownloads: true,
    // Shorter than the whole test, so that what was waited for is named.
    actionTimeout: 60_000,
    trace: 'off',
  },
});
