import type { ImportDialect } from '../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../shared/api/transfer.ts';
import { distinctNames } from '../result/encode/column-names.ts';
import { typesOf } from './sniff.ts';

const shownRows = 50;
const shownCharacters = 300;

/** What is shown of rows, under names that stand once each. */
export function asPreview(
  dialect: ImportDialect,
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  sizeBytes: number,
  notes: readonly string[],
  sheets: readonly string[] = [],
): FilePreview {
  const distinct = distinctNames(names.map((name, at) => (name.trim() === '' ? `column_${at + 1}` : name)));
  const types = typesOf(rows, names.length);
  const shown = (value: string | null): string | null =>
    value === null || value.length <= shownCharacters ? value : `${value.slice(0, shownCharacters)}…`;
  return {
    dialect,
    columns: distinct.names.map((name, at) => ({ name, type: types[at] ?? 'text' })),
    rows: rows.slice(0, shownRows).map((row) => names.map((_, at) => shown(row[at] ?? null))),
    sizeBytes,
    notes: [...notes],
    sheets: [...sheets],
  };
}
