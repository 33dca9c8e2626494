/** How a page of the harness is built: one part of the app alone, under the app's own policy. */
import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const project = resolve(import.meta.dirname, '../../..');

/** The page's own policy: what works here works in the app. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

/** @param page its HTML file in this folder. @param folder where it is built to, below out/. */
export const harnessConfig = (page: string, folder: string) =>
  defineConfig({
    root: project,
    logLevel: 'warn',
    plugins: [react(), tailwind()],
    worker: { format: 'es' },
    build: {
      outDir: resolve(project, 'out', folder),
      emptyOutDir: true,
      rollupOptions: { input: resolve(import.meta.dirname, page) },
    },
    preview: { port: 0, host: '127.0.0.1', headers: { 'Content-Security-Policy': policy } },
  });
