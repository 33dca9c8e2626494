/**
 * `npm run bench [-- name …]`: runs tests/bench/<name>.ts, each in a process of its own, and prints what was measured
 * against what was promised. Exit 1 where a promise is not kept.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { chromium } from './chromium.mjs';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

ensureInstalled();
await ensureBundled('all');
const folder = join(root, 'tests', 'bench');
/** Several benches under the name of what a person promises with them. */
const groups = {
  editor: ['completion', 'plans', 'lint', 'format'],
  recorder: ['recorder', 'recording'],
  data: ['data', 'diagram'],
};
const asked = process.argv.slice(2).flatMap((name) => groups[name] ?? [name]);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -3))
  .filter((name) => asked.length === 0 || asked.includes(name));
if (names.length === 0) {
  console.error(`There is no bench of that name in tests/bench.`);
  process.exitCode = 1;
}

for (const name of names) {
  const { code } = await run(node, ['--expose-gc', join(root, 'build', 'run-bench.mjs'), join(folder, `${name}.ts`)], {
    env: { HOWDAH_CHROMIUM: chromium() },
  });
  if (code !== 0) process.exitCode = 1;
}
