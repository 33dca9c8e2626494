/** A plan of 1,000 nodes: read, judged, laid out, and drawn in the page. */
import { rmSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { treeLayout } from '../../renderer/diagram/tree-layout.ts';
import { figuresOf } from '../../shared/plan/figures.ts';
import { findingsOf } from '../../shared/plan/findings/find.ts';
import { readPlan } from '../../shared/plan/read/read-plan.ts';
import { Howdah } from '../e2e/howdah.ts';
import { largePlan, timeToDraw } from '../e2e/large-plan.ts';
import { hostileLines } from '../fixtures/plans/hostile-lines.ts';

const rounds = 15;

function medianMs(work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

export async function run() {
  const text = largePlan();
  const plan = readPlan(text);
  const size = { width: 232, height: 74, gapX: 24, gapY: 44 };
  const read = medianMs(() => readPlan(text));
  const judged = medianMs(() => findingsOf(plan, figuresOf(plan)));
  const placed = medianMs(() => treeLayout(plan.root, size));
  const hostile = Math.max(...hostileLines.map(([, make]) => medianMs(() => readOrRefuse(make(400_000)))));
  const drawn = await draw(text);
  return [
    { name: '1,000 nodes read', value: read, unit: 'ms', bar: 100, ok: read < 100 },
    { name: '1,000 nodes judged', value: judged, unit: 'ms', bar: 100, ok: judged < 100 },
    { name: '1,000 nodes placed', value: placed, unit: 'ms', bar: 100, ok: placed < 100 },
    {
      name: 'the worst line of 400,000 characters, read or refused',
      value: hostile,
      unit: 'ms',
      bar: 1000,
      ok: hostile < 1000,
    },
    { name: '1,000 nodes drawn', value: drawn, unit: 'ms', bar: 1000, ok: drawn < 1000 },
  ];
}

function readOrRefuse(text: string): void {
  try {
    readPlan(text);
  } catch {
    // Refused.
  }
}

async function draw(text: string): Promise<number> {
  const howdah = new Howdah();
  const browser = await chromium.launch({
    executablePath: process.env.HOWDAH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    await howdah.start();
    const page = await browser.newPage();
    await howdah.open(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('plan from text');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Plan' }).fill(text);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByRole('treegrid', { name: 'Plan tree' }).waitFor();
    return await timeToDraw(page);
  } finally {
    await browser.close();
    await howdah.stop();
    rmSync(howdah.dataFolder, { recursive: true, force: true });
  }
}
