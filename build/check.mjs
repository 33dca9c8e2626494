/** `npm run check`: format and lint, types, and the rules of the architecture. Side by side; all of them are told. */
import { join } from 'node:path';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

ensureInstalled();
const script = (...path) => join(root, 'node_modules', ...path);
const checks = {
  'format and lint': [script('@biomejs', 'biome', 'bin', 'biome'), 'ci', '.'],
  types: [script('typescript', 'bin', 'tsc'), '-p', '.'],
  architecture: [script('vitest', 'vitest.mjs'), 'run', 'tests/architecture.test.ts', 'tests/contract.test.ts'],
};

const outcomes = await Promise.all(
  Object.entries(checks).map(async ([name, args]) => {
    const startedAt = Date.now();
    const { code, output } = await run(node, args, { quiet: true });
    const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    console.log(code === 0 ? `${name}: fine (${took})` : `${output}\n${name}: FAILED (${took})`);
    return code === 0;
  }),
);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
