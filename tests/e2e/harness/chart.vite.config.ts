/** Builds the page on which charts are tried alone, with data made up in the page. */
import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const project = resolve(import.meta.dirname, '../../..');

/** The page's own policy: what works here works in the app. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

export default defineConfig({
  root: project,
  logLevel: 'warn',
  plugins: [react(), tailwind()],
  build: {
    outDir: resolve(project, 'out/harness-chart'),
    emptyOutDir: true,
    rollupOptions: { input: resolve(import.meta.dirname, 'chart.html') },
  },
  preview: { port: 0, host: '127.0.0.1', headers: { 'Content-Security-Policy': policy } },
});
