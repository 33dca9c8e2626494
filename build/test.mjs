/**
 * `npm test`: everything, from a fresh clone: builds, runs the tests that need no browser (vitest), then those that do
 * (playwright), and ends with what failed and one line over both. `npm test -- tests/web …` runs only what lies there.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { chromium } from './chromium.mjs';
import { pageFailures, toldFailures, vitestFailures } from './failures.mjs';
import { run } from './run.mjs';
import { ensureInstalled, node, root } from './setup.mjs';

const asked = process.argv.slice(2);
const pageTests = asked.filter((path) => path.includes('tests/e2e'));
const otherTests = asked.filter((path) => !pageTests.includes(path));

ensureInstalled();
const browser = chromium();
await ensureBundled('all');
const folder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
mkdirSync(folder, { recursive: true });
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
if (asked.length === 0 || otherTests.length > 0) add(await vitest());
if (asked.length === 0 || pageTests.length > 0) add(await playwright());
rmSync(folder, { recursive: true, force: true });

for (const line of toldFailures(failures)) console.log(line);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

async function vitest() {
  const report = join(folder, 'vitest.json');
  const cli = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const trouble = join(folder, 'trouble.json');
  const reporters = ['default', 'json', join(root, 'build', 'failures.mjs')].map((name) => `--reporter=${name}`);
  const args = [cli, 'run', ...reporters, `--outputFile.json=${report}`, ...otherTests];
  const { code } = await run(node, args, { env: { HOWDAH_CHROMIUM: browser, HOWDAH_TEST_TROUBLE: trouble } });
  const told = read(report);
  if (!told) return broken('vitest', code);
  failures.push(...vitestFailures(told, root), ...(read(trouble) ?? []));
  const { passed, failed, skipped } = counted(told.testResults);
  if (failed === 0 && code !== 0) return { passed, failed: broken('vitest', code).failed, skipped };
  return { passed, failed, skipped };
}

/**
 * Vitest calls the tests of a file "skipped" whose set-up failed (no server, no folder), and counts none for a file that
 * could not be loaded: both are failures here. What was left out on purpose is named, so that nothing is missing unseen.
 */
function counted(files) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, status, message, assertionResults } of files) {
    const of = (wanted) => assertionResults.filter((test) => wanted.includes(test.status));
    const left = of(['skipped', 'pending', 'todo', 'disabled']);
    const bad = of(['failed']).length;
    const unready = status === 'failed' && bad === 0;
    totals.passed += of(['passed']).length;
    totals.failed += unready ? Math.max(1, left.length) : bad;
    if (!unready) totals.skipped += left.length;
    const where = relative(root, name);
    if (unready) console.log(`\nNOT READY ${where}: ${message}`);
    else for (const { fullName } of left) console.log(`Left out: ${where}: ${fullName}`);
  }
  return totals;
}

async function playwright() {
  if (!existsSync(join(root, 'playwright.config.ts'))) return { passed: 0, failed: 0, skipped: 0 };
  const report = join(folder, 'playwright.json');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const { code } = await run(node, [cli, 'test', '--reporter=list,json', ...pageTests], {
    env: { HOWDAH_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  const told = read(report);
  if (!told) return broken('playwright', code);
  failures.push(...pageFailures(told, root));
  const failed = told.stats.unexpected + told.errors.length;
  return {
    passed: told.stats.expected + told.stats.flaky,
    failed: failed === 0 && code !== 0 ? broken('playwright', code).failed : failed,
    skipped: told.stats.skipped,
  };
}

/** A runner that ended with an error although no test of its report failed, or without a report: one failure. */
function broken(name, code) {
  failures.push({
    where: name,
    name: `ended with code ${code}`,
    message: 'No test says why; its own output above does.',
  });
  return { passed: 0, failed: 1, skipped: 0 };
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function add(counted) {
  for (const name of Object.keys(totals)) totals[name] += counted[name];
}
