/** Three bundles: the main process with its worker threads, the sandboxed preload, and the page. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin, UserConfig } from 'vite';

const root = import.meta.dirname;
const out = (name: string): string => join(root, 'out', name);

/** Files that code finds beside itself, by `import.meta.url`. */
const besideTheCode: Plugin = {
  name: 'beside-the-code',
  closeBundle() {
    cpSync(join(root, 'electron', 'store', 'migrations'), join(out('main'), 'migrations'), { recursive: true });
  },
};

const main: UserConfig = {
  plugins: [besideTheCode],
  build: {
    outDir: out('main'),
    target: 'node24',
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: join(root, 'electron', 'main.ts'),
        'session-worker': join(root, 'electron', 'postgres', 'session', 'session-worker.ts'),
        'backup-worker': join(root, 'electron', 'postgres', 'backup', 'thread', 'backup-worker.ts'),
        'read-worker': join(root, 'electron', 'recorder', 'open', 'read-worker.ts'),
        'recorder-worker': join(root, 'electron', 'recorder', 'thread', 'recorder-worker.ts'),
        'result-worker': join(root, 'electron', 'postgres', 'result', 'job', 'result-worker.ts'),
      },
      // Shared pieces lie in the same folder as the entries: `import.meta.url` means the same place everywhere.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
};

const preload: UserConfig = {
  build: {
    outDir: out('preload'),
    target: 'node24',
    rolldownOptions: {
      input: { preload: join(root, 'electron', 'preload.ts') },
      // A sandboxed preload script is CommonJS and one file.
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
};

/** Also built alone (build/page.mjs) for the browser host, which needs nothing else bundled. */
export const renderer: UserConfig = {
  root: join(root, 'renderer'),
  base: './',
  plugins: [react(), tailwind()],
  worker: { format: 'es' },
  build: {
    outDir: out('renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    minify: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8000,
    rolldownOptions: { input: join(root, 'renderer', 'index.html') },
  },
};

export default defineConfig({ main, preload, renderer });
