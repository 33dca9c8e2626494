/** The lines under a node of the text form, brought to the keys of the structured form. */
import type { MutableFields } from './structured.ts';

/** Lines that hold several values, as `Name: a=1 b=2` or with words of their own. Null where there is no such form. */
export function propertyFields(line: string, fields: MutableFields): boolean {
  for (const [pattern, put] of forms) {
    const found = pattern.exec(line);
    if (!found) continue;
    put(found, fields);
    return true;
  }
  return false;
}

type Form = readonly [RegExp, (found: RegExpExecArray, fields: MutableFields) => void];

const pairsOf = (text: string): [string, number][] =>
  [...text.matchAll(/([\w ]+?)=([\d.]+)/g)].map(([, key = '', value]) => [key.trim(), Number(value)]);

const forms: readonly Form[] = [
  [/^Buffers: (.*)$/, (found, fields) => buffers(found[1] ?? '', fields)],
  [/^I\/O Timings: (.*)$/, (found, fields) => timings(found[1] ?? '', fields)],
  [
    /^WAL: (.*)$/,
    (found, fields) => {
      const keys: Readonly<Record<string, string>> = {
        records: 'WAL Records',
        fpi: 'WAL FPI',
        bytes: 'WAL Bytes',
        'buffers full': 'WAL Buffers Full',
      };
      for (const [key, value] of pairsOf(found[1] ?? '')) fields[keys[key] ?? `WAL ${key}`] = value;
    },
  ],
  [
    /^Sort Method: (.+?) {2}(Memory|Disk): (\d+)kB$/,
    (found, fields) => {
      fields['Sort Method'] = found[1] ?? '';
      fields['Sort Space Type'] = found[2] ?? '';
      fields['Sort Space Used'] = Number(found[3]);
    },
  ],
  [
    /^Buckets: (\d+)(?: \(originally (\d+)\))? {2}Batches: (\d+)(?: \(originally (\d+)\))? {2}Memory Usage: (\d+)kB$/,
    (found, fields) => {
      fields['Hash Buckets'] = Number(found[1]);
      fields['Original Hash Buckets'] = Number(found[2] ?? found[1]);
      fields['Hash Batches'] = Number(found[3]);
      fields['Original Hash Batches'] = Number(found[4] ?? found[3]);
      fields['Peak Memory Usage'] = Number(found[5]);
    },
  ],
  [
    /^(?:Planned Partitions: (\d+))?\s*(?:Batches: (\d+) {2}Memory Usage: (\d+)kB)?(?: {2}Disk Usage: (\d+)kB)?$/,
    (found, fields) => {
      if (found[1]) fields['Planned Partitions'] = Number(found[1]);
      if (found[2]) fields['HashAgg Batches'] = Number(found[2]);
      if (found[3]) fields['Peak Memory Usage'] = Number(found[3]);
      if (found[4]) fields['Disk Usage'] = Number(found[4]);
    },
  ],
  [
    /^Heap Blocks: (.*)$/,
    (found, fields) => {
      for (const [key, value] of pairsOf(found[1] ?? ''))
        fields[key === 'lossy' ? 'Lossy Heap Blocks' : 'Exact Heap Blocks'] = value;
    },
  ],
  [
    /^Hits: (\d+) {2}Misses: (\d+) {2}Evictions: (\d+|zero) {2}Overflows: (\d+) {2}Memory Usage: (\d+)kB$/,
    (found, fields) => {
      fields['Cache Hits'] = Number(found[1]);
      fields['Cache Misses'] = Number(found[2]);
      fields['Cache Evictions'] = found[3] === 'zero' ? 0 : Number(found[3]);
      fields['Cache Overflows'] = Number(found[4]);
      fields['Peak Memory Usage'] = Number(found[5]);
    },
  ],
  [
    /^Tuples: (.*)$/,
    (found, fields) => {
      for (const [key, value] of pairsOf(found[1] ?? ''))
        fields[`Tuples ${key[0]?.toUpperCase()}${key.slice(1)}`] = value;
    },
  ],
  [
    /^Sampling: (\w+) \((.*)\)(?: REPEATABLE \((.*)\))?$/,
    (found, fields) => {
      fields['Sampling Method'] = found[1] ?? '';
      fields['Sampling Parameters'] = [found[2] ?? ''];
      if (found[3]) fields['Repeatable Seed'] = found[3];
    },
  ],
  [
    /^Storage: (\w+) {2}Maximum Storage: (\d+)kB$/,
    (found, fields) => {
      fields.Storage = found[1] ?? '';
      fields['Maximum Storage'] = Number(found[2]);
    },
  ],
];

function buffers(text: string, fields: MutableFields): void {
  for (const part of text.split(/,\s*/)) {
    const [, kind = '', counts = ''] = /^(shared|local|temp) (.*)$/.exec(part.trim()) ?? [];
    const title = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    for (const [key, value] of pairsOf(counts))
      fields[`${title} ${key[0]?.toUpperCase()}${key.slice(1)} Blocks`] = value;
  }
}

/** Up to 14 without a kind; from 15 `temp` beside it; from 17 `shared` and `local`. */
function timings(text: string, fields: MutableFields): void {
  for (const part of text.replace(/^(shared\/local )/, '').split(/,\s*/)) {
    const [, kind, counts = ''] = /^(?:(shared\/local|shared|local|temp) )?(.*)$/.exec(part.trim()) ?? [];
    const title = kind === 'temp' ? 'Temp ' : kind === 'local' ? 'Local ' : 'Shared ';
    for (const [key, value] of pairsOf(counts))
      fields[`${title}I/O ${key === 'write' ? 'Write' : 'Read'} Time`] = value;
  }
}
