/** Conditions as a person would write them, made from a column and a value. */
import type { DataColumn } from '../api/data.ts';
import { identifier, quoteLiteral } from '../sql/quote.ts';

export type ConditionOperator =
  | 'equals'
  | 'notEquals'
  | 'contains'
  | 'notContains'
  | 'startsWith'
  | 'less'
  | 'lessOrEqual'
  | 'greater'
  | 'greaterOrEqual'
  | 'isNull'
  | 'isNotNull';

type Compared = Pick<DataColumn, 'name' | 'category' | 'sortable'>;

const signs: Partial<Record<ConditionOperator, string>> = {
  equals: '=',
  notEquals: '<>',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
};

/** `%`, `_` and `\` stand for themselves. */
const pattern = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** A value as it reads best: a plain number bare, anything else as a string. */
function written(column: Compared, value: string): string {
  return column.category === 'N' && /^-?\d+(\.\d+)?$/.test(value) ? value : quoteLiteral(value);
}

export function condition(column: Compared, operator: ConditionOperator, value: string): string {
  const name = identifier(column.name);
  const asText = column.category === 'S' ? name : `${name}::text`;
  // Types without an order (json, point) have no `=` either: their text is compared.
  const compared = column.sortable ? name : `${name}::text`;
  switch (operator) {
    case 'isNull':
      return `${name} is null`;
    case 'isNotNull':
      return `${name} is not null`;
    case 'contains':
      return `${asText} ilike ${quoteLiteral(`%${pattern(value)}%`)}`;
    case 'notContains':
      return `${asText} not ilike ${quoteLiteral(`%${pattern(value)}%`)}`;
    case 'startsWith':
      return `${asText} ilike ${quoteLiteral(`${pattern(value)}%`)}`;
    default:
      return `${compared} ${signs[operator]} ${column.sortable ? written(column, value) : quoteLiteral(value)}`;
  }
}

/** The column is one of these values; null stands for NULL. */
export function oneOf(column: Compared, values: readonly (string | null)[]): string {
  const name = identifier(column.name);
  const compared = column.sortable ? name : `${name}::text`;
  const texts = values.filter((value): value is string => value !== null).map((value) => written(column, value));
  const parts = [
    ...(texts.length === 1 ? [`${compared} = ${texts[0]}`] : []),
    ...(texts.length > 1 ? [`${compared} in (${texts.join(', ')})`] : []),
    ...(values.includes(null) ? [`${name} is null`] : []),
  ];
  return parts.length > 1 ? `(${parts.join(' or ')})` : (parts[0] ?? 'false');
}

/** Both ends count; an empty one is open. */
export function between(column: Compared, low: string, high: string): string {
  const parts = [
    ...(low === '' ? [] : [condition(column, 'greaterOrEqual', low)]),
    ...(high === '' ? [] : [condition(column, 'lessOrEqual', high)]),
  ];
  return parts.join(' and ') || 'true';
}

/** Rows whose columns have these values: what a foreign key compares. */
export function sameValues(columns: readonly Compared[], values: readonly (string | null)[]): string {
  return columns
    .map((column, at) => {
      const value = values[at] ?? null;
      return value === null ? condition(column, 'isNull', '') : condition(column, 'equals', value);
    })
    .join(' and ');
}

/** Both conditions; a part that has OR in it is put in parentheses. */
export function and(first: string, second: string): string {
  const held = (text: string) => {
    const trimmed = text.trim();
    return /\bor\b|--/i.test(trimmed) && !isHeld(trimmed)
      ? `(${trimmed}${trimmed.includes('--') ? '\n' : ''})`
      : trimmed;
  };
  if (first.trim() === '') return second;
  return second.trim() === '' ? first : `${held(first)} and ${held(second)}`;
}

/** One pair of parentheses around all of it. */
function isHeld(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')') || /['"]/.test(text)) return false;
  let depth = 0;
  for (const [at, sign] of [...text].entries()) {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}
