/** Formatting: a statement at a key, a script of 2 MB, and the longest that the backend gives nobody else a turn. */
import { formatText } from '../../electron/features/lint/format-text.ts';
import { defaultStyle } from '../../shared/format/style.ts';

const statement = (n: number): string =>
  `select a.id,b.note,case when a.x>${n} then 'one' else 'two' end as word, sum(b.amount) over (partition by a.id order by b.at) from orders a join lines b on b.order_id=a.id where a.at>='2024-01-01' and b.note in ('a','b','ö') group by 1,2 order by 1 limit 10;\n`;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export async function run() {
  const single: number[] = [];
  for (let round = 0; round < 60; round++) {
    const began = performance.now();
    await formatText({ text: statement(round), style: defaultStyle });
    single.push(performance.now() - began);
  }
  let script = '';
  for (let n = 0; script.length < 2_000_000; n++) script += statement(n);
  let longest = 0;
  let last = performance.now();
  let done = false;
  const watch = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!done) setImmediate(watch);
  };
  const began = performance.now();
  setImmediate(watch);
  const { edits, refused } = await formatText({ text: script, style: defaultStyle });
  done = true;
  const whole = performance.now() - began;
  const one = median(single);
  const line = await formatText({ text: `select '${'x'.repeat(2_000_000)}'`, style: defaultStyle });
  return [
    { name: 'one statement', value: one, unit: 'ms', bar: 50, ok: one < 50 },
    { name: 'statements in 2 MB', value: edits.length + refused.length, unit: '' },
    { name: 'of them formatted', value: edits.length, unit: '', ok: refused.length === 0 },
    { name: '2 MB formatted and proved the same', value: whole, unit: 'ms', bar: 20_000, ok: whole < 20_000 },
    { name: 'longest turn of the backend', value: longest, unit: 'ms' },
    {
      name: 'one line of 2,000,000 characters left alone',
      value: line.refused.length,
      unit: '',
      bar: 1,
      ok: line.refused.length === 1,
    },
  ];
}
