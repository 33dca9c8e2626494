import { expect, it } from 'vitest';
import { chartCsv } from './chart-file.ts';

it('writes one line a bucket, empty where nothing is known, and nothing a spreadsheet would run', () => {
  const csv = chartCsv({ startMs: 0, stepMs: 1000, buckets: 2, coveredMs: [1000, 0] }, [
    { key: 'a', label: '=cmd()', values: [1.5, null], color: '--ink' },
    { key: 'b', label: 'select "x", y', values: [-2, null], color: '--ink' },
  ]);
  expect(csv).toBe(
    `time,covered_ms,'=cmd(),"select ""x"", y"\n1970-01-01T00:00:00.000Z,1000,1.5,-2\n1970-01-01T00:00:01.000Z,0,,\n`,
  );
});
