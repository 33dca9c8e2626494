/** `npm run package [-- electron-builder's options]`: bundles, then packages for this system into dist/. */
import { join } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

ensureInstalled();
await ensureBundled('all');
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
const { code } = await run(node, [builder, ...process.argv.slice(2)]);
process.exitCode = code;
