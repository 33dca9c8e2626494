/** The tests of the instruments alone, without the sample server that the other pages need. */
import { defineConfig } from '@playwright/test';
import whole from '../../../playwright.config.ts';

export default defineConfig({
  ...whole,
  globalSetup: undefined,
  testDir: '..',
  testMatch: ['grid.spec.ts', 'editor.spec.ts', 'chart.spec.ts'],
  outputDir: '../../../out/harness-results',
  reporter: 'list',
});
