/** Runs one bench file and prints its table. A file without `run` is a part of others. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

const [file] = process.argv.slice(2);
const { run } = await import(pathToFileURL(file).href);
if (run) {
  const rows = await run();
  const cells = rows.map(({ name, value, unit, bar, ok }) => [
    name,
    typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value),
    unit ?? '',
    bar === undefined ? '' : `bar ${bar}`,
    ok === undefined ? '' : ok ? 'ok' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...cells.map((row) => row[column].length)));
  console.log(`\n${basename(file, '.ts')}`);
  for (const row of cells) {
    const [name, value, ...rest] = row.map((text, column) =>
      column === 1 ? text.padStart(widths[column]) : text.padEnd(widths[column] ?? 0),
    );
    console.log(`  ${name}  ${value} ${rest.join('  ')}`.trimEnd());
  }
  process.exit(rows.some((row) => row.ok === false) ? 1 : 0);
}
