/** Filters in words. */

import type { FilterOperator } from '../../../shared/rows/row-words.ts';
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn, GridFilter } from '../grid-source.ts';

export const operatorNames: Record<FilterOperator, string> = {
  equals: '=',
  notEquals: '≠',
  contains: 'contains',
  notContains: 'does not contain',
  startsWith: 'starts with',
  less: '<',
  lessOrEqual: '≤',
  greater: '>',
  greaterOrEqual: '≥',
  isNull: 'is NULL',
  isNotNull: 'is not NULL',
};

/** The operators that compare with nothing. */
export const takesValue = (operator: FilterOperator): boolean => operator !== 'isNull' && operator !== 'isNotNull';

const MAX_SHOWN = 40;
/** `email contains "@example"` */
export function filterText(filter: GridFilter, columns: readonly GridColumn[]): string {
  const name = visibleText(columns[filter.column]?.name ?? '');
  if (!takesValue(filter.operator)) return `${name} ${operatorNames[filter.operator]}`;
  const value = visibleText(filter.value);
  return `${name} ${operatorNames[filter.operator]} "${value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value}"`;
}
