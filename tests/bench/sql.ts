/** Splitting: a script of 2 MB, and one line of 2,000,000 characters. */
import { splitScript } from '../../electron/postgres/parser/split-script.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: string;
  readonly ok?: boolean;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Wall time of the work and the longest that nothing else got a turn, in milliseconds. */
async function measured(text: string): Promise<{ wallMs: number; longestMs: number }> {
  let longestMs = 0;
  let last = performance.now();
  const began = last;
  let done = false;
  const watch = () => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
    if (!done) setImmediate(watch);
  };
  setImmediate(watch);
  await splitScript(text);
  done = true;
  return { wallMs: performance.now() - began, longestMs };
}

export async function run(): Promise<Row[]> {
  let script = '';
  for (let n = 0; script.length < 2_000_000; n++) script += `insert into t${n} (a, b) values (${n}, 'ö;${n}');\n`;
  const rows: Row[] = [];
  for (const [name, text] of [
    ['a script of 2 MB', script],
    ['one line of 2,000,000 characters', `select '${'x'.repeat(2_000_000)}'`],
  ] as const) {
    const rounds: { wallMs: number; longestMs: number }[] = [];
    for (let round = 0; round < 5; round++) rounds.push(await measured(text));
    const wallMs = median(rounds.map((each) => each.wallMs));
    rows.push({ name: `${name} split`, value: wallMs, unit: 'ms', bar: '1000', ok: wallMs < 1000 });
    rows.push({ name: `${name}: longest turn`, value: median(rounds.map((each) => each.longestMs)), unit: 'ms' });
  }
  return rows;
}
