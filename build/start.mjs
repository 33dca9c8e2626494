/** `npm start`: the desktop app where it can run, else the same app in the browser. `npm start -- --browser` chooses. */
import { join } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { electronBinary } from './electron-binary.mjs';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--browser');
ensureInstalled();
const electron = process.argv.includes('--browser') ? null : await electronBinary();
process.exitCode = (electron?.path && (await desktop(electron.path))) || (await browser(electron?.reason));

/** The exit code, as a text so that 0 counts; null where the program did not come up. */
async function desktop(path) {
  await ensureBundled('all');
  const startedAt = Date.now();
  const { code } = await run(path, [root, ...args]);
  if (code === 0 || Date.now() - startedAt > 5000) return String(code);
  console.log(`The desktop app ended at once (${code}).`);
  return null;
}

async function browser(reason) {
  if (reason) console.log(`The desktop app cannot run: ${reason}. Serving to the browser instead.`);
  await ensureBundled('page');
  const { code } = await run(node, [join(root, 'electron', 'cli.ts'), 'serve', '--open', ...args]);
  return code;
}
