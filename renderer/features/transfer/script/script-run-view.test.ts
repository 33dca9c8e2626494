import { expect, it } from 'vitest';
import { scriptWords } from './script-run-view.tsx';

it('tells rate and remaining time of a script from when it runs, not from when it was read through', () => {
  const now = { kind: 'progress', failed: 0, bytes: 25_000, totalBytes: 100_000, line: 70, runningMs: 2000 } as const;
  const long = performance.now() - 600_000;
  const rows = scriptWords({ ...now, statements: 12, rows: 8000 }, long);
  expect(rows).toContain('line 70, 4,000 rows/s, about 6.00 s left');
  expect(scriptWords({ ...now, statements: 500, rows: 0 }, long)).toContain('250 statements/s, about 6.00 s left');
  expect(scriptWords({ ...now, statements: 500, rows: 0, runningMs: 200 }, long)).toMatch(/line 70$/);
  const reading = { kind: 'reading', bytes: 50_000, totalBytes: 100_000, statements: 9 } as const;
  expect(scriptWords(reading, performance.now() - 3000)).toMatch(/ 9 statements, .*, about [3-9]\.\d\d s left$/);
});
