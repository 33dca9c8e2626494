/** The bounds of a partition while they are being typed. */
import type { PartitionModel } from '../../../../../shared/api/structure.ts';
import {
  type Bound,
  listItems,
  nextRange,
  type PartitionKey,
  readBound,
} from '../../../../../shared/ddl/partition-bound.ts';

export interface BoundDraft {
  readonly isDefault: boolean;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly values: string;
  readonly modulus: string;
  readonly remainder: string;
}

export const emptyDraft = ({ parts }: PartitionKey): BoundDraft => ({
  isDefault: false,
  from: parts.map(() => ''),
  to: parts.map(() => ''),
  values: '',
  modulus: '',
  remainder: '',
});

/**
 * Where the next one is likely to be: after the last range, at the first remainder that is free. @param today where the key
 * is a day or an instant: the first one is this month
 */
export function firstDraft(by: PartitionKey, partitions: readonly PartitionModel[], today: Date | null): BoundDraft {
  const draft = emptyDraft(by);
  if (by.strategy === 'range' && by.parts.length === 1) {
    const next = nextRange(partitions.map(({ bound }) => bound)) ?? (today && monthOf(today));
    return next ? { ...draft, from: [next.from], to: [next.to] } : draft;
  }
  if (by.strategy !== 'hash') return draft;
  const taken = partitions.flatMap(({ bound }) => {
    const read = readBound(bound);
    return read?.kind === 'hash' ? [read] : [];
  });
  const modulus = Math.max(0, ...taken.map((each) => Number(each.modulus)));
  if (modulus === 0) return { ...draft, modulus: '4', remainder: '0' };
  const isTaken = (at: number) => taken.some((each) => at % Number(each.modulus) === Number(each.remainder));
  const free = Array.from({ length: modulus }, (_, at) => at).find((at) => !isTaken(at));
  return { ...draft, modulus: String(modulus), remainder: free === undefined ? '' : String(free) };
}

function monthOf(today: Date): { from: string; to: string } {
  const first = (months: number) => {
    const day = new Date(Date.UTC(today.getFullYear(), today.getMonth() + months, 1));
    return `'${day.toISOString().slice(0, 10)}'`;
  };
  return { from: first(0), to: first(1) };
}

/** Null while something is missing. */
export function draftBound(by: PartitionKey, draft: BoundDraft): Bound | null {
  if (draft.isDefault) return { kind: 'default' };
  if (by.strategy === 'hash') {
    const [modulus, remainder] = [draft.modulus.trim(), draft.remainder.trim()];
    return /^\d+$/.test(modulus) && /^\d+$/.test(remainder) && Number(remainder) < Number(modulus)
      ? { kind: 'hash', modulus, remainder }
      : null;
  }
  if (by.strategy === 'list') {
    const values = listItems(draft.values).filter((value) => value !== '');
    return values.length > 0 ? { kind: 'list', values: values.map(literal) } : null;
  }
  const [from, to] = [draft.from, draft.to].map((ends) => ends.map((end) => end.trim()));
  if (!from || !to || [...from, ...to].includes('')) return null;
  return { kind: 'range', from: from.map(literal), to: to.map(literal) };
}

/** A day or a word that was typed without quotes gets them; numbers, expressions and MINVALUE stay. */
const literal = (text: string): string =>
  /^-?\d+(\.\d+)?$|^['(]|^(minvalue|maxvalue|null|true|false)$|\(|::/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;

/** `orders_2026_01`: the table and where the partition begins. */
export function suggestedName(table: string, bound: Bound): string {
  if (bound.kind === 'default') return `${table}_default`;
  if (bound.kind === 'hash') return `${table}_${bound.remainder}`;
  const first = (bound.kind === 'list' ? bound.values[0] : bound.from[0]) ?? '';
  const last = bound.kind === 'range' ? (bound.to[0] ?? '') : '';
  return `${table}_${shortened(bare(first), bare(last))}`.slice(0, 60);
}
const bare = (text: string): string => text.replace(/^'(.*)'$/s, '$1');
function shortened(from: string, to: string): string {
  const [start, end] = [/^(\d{4})-(\d{2})-(\d{2})/.exec(from), /^(\d{4})-(\d{2})-(\d{2})/.exec(to)];
  const months = start && end ? (Number(end[1]) - Number(start[1])) * 12 + Number(end[2]) - Number(start[2]) : 0;
  if (start?.[3] === '01' && end?.[3] === '01' && months >= 12 && start[2] === '01') return `${start[1]}`;
  if (start?.[3] === '01' && end?.[3] === '01' && months >= 1) return `${start[1]}_${start[2]}`;
  if (start) return `${start[1]}_${start[2]}_${start[3]}`;
  const word = from.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '');
  return word === '' ? 'part' : word.toLowerCase();
}
