/** What a person writes for a parameter, and what is bound: pure, for the form. */
import type { Parameter } from '../../../../shared/api/sessions.ts';
import type { ParameterValue } from '../../../../shared/sql/parameters.ts';

export type ValueKind = ParameterValue['kind'];

/** One line of the form. The text is kept over changes of the kind. */
export interface Written {
  readonly kind: ValueKind;
  /** For a list: an item a line. */
  readonly text: string;
}

/** How the form begins: as it was bound the last time. */
export function writtenOf({ remembered, takesList }: Parameter): Written {
  if (!remembered) return { kind: takesList ? 'list' : 'value', text: '' };
  if (remembered.kind === 'value') return { kind: 'value', text: remembered.text };
  if (remembered.kind === 'null') return { kind: 'null', text: '' };
  return { kind: 'list', text: remembered.items.map((item) => item ?? nullItem).join('\n') };
}

/** A line of a list that stands for NULL. */
export const nullItem = '\\N';

/** Lines at the end that are empty are none; one in between is an empty text. */
export function boundValue({ kind, text }: Written): ParameterValue {
  if (kind === 'null') return { kind };
  if (kind === 'value') return { kind, text };
  const lines = text.replace(/\n+$/, '').split('\n');
  const items = lines.length === 1 && lines[0] === '' ? [] : lines;
  return { kind, items: items.map((line) => (line === nullItem ? null : line)) };
}

/** `:name`, `$1`. */
export const shownName = (name: string): string => (/^\d/.test(name) ? `$${name}` : `:${name}`);

/** A value in one line, for the mark on a kept result. */
export function shownValue(value: ParameterValue): string {
  if (value.kind === 'null') return 'NULL';
  if (value.kind === 'value') return value.text;
  return `(${value.items.map((item) => item ?? 'NULL').join(', ')})`;
}
