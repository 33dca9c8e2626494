/** What can be asked of rows that were fetched: how they are filtered, and as what they are copied. */

/** contains, notContains and startsWith look at the text form; the others compare by the column's type. */
export const filterOperators = [
  'equals',
  'notEquals',
  'contains',
  'notContains',
  'startsWith',
  'less',
  'lessOrEqual',
  'greater',
  'greaterOrEqual',
  'isNull',
  'isNotNull',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

export const copyFormats = ['tsv', 'csv', 'json', 'markdown', 'insert'] as const;
export type CopyFormat = (typeof copyFormats)[number];
