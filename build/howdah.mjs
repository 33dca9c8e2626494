/** `npm run -s howdah -- <command> …`: the command line, from its sources. Says nothing of its own. */
import { join } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

ensureInstalled();
const args = process.argv.slice(2);
if (args[0] === 'serve') await ensureBundled('page');
const { code } = await run(node, [join(root, 'electron', 'cli.ts'), ...args]);
process.exitCode = code;
