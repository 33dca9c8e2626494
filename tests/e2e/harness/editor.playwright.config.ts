import { defineConfig } from '@playwright/test';

const port = Number(process.env.HARNESS_PORT ?? 4392);
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: '..',
  testMatch: 'editor.spec.ts',
  outputDir: '../../../out/harness-editor-results',
  workers: 1,
  timeout: 60_000,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}/tests/e2e/harness/editor.html`,
    // The bars are part of what is tried.
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: chromium,
      ignoreDefaultArgs: ['--hide-scrollbars'],
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--js-flags=--expose-gc',
        '--enable-precise-memory-info',
      ],
    },
  },
  webServer: {
    command: 'npx vite build -c editor.vite.config.ts && npx vite preview -c editor.vite.config.ts',
    cwd: import.meta.dirname,
    port,
    reuseExistingServer: false,
    timeout: 120_000,
  },
});
