/** What was chosen in the import dialog, and the plan it makes. Pure. */
import type { ImportPlan, ImportRules } from '../../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';

export interface DraftColumn {
  readonly source: number;
  /** '' is left out. */
  readonly target: string;
  readonly type: string;
  readonly rules: ImportRules;
}

export interface Draft {
  readonly create: boolean;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly DraftColumn[];
  readonly mode: ImportPlan['mode'];
  readonly keys: readonly string[];
  readonly onError: ImportPlan['onError'];
  readonly transaction: ImportPlan['transaction'];
  /** As typed. */
  readonly batchRows: string;
}

export const noRules: ImportRules = { trim: false, nullWords: [], replace: [], dateFormat: null, expression: null };

export const firstDraft = ({ schema, table, create }: Pick<Draft, 'schema' | 'table' | 'create'>): Draft => ({
  create,
  schema,
  table,
  columns: [],
  mode: 'insert',
  keys: [],
  onError: 'stop',
  transaction: 'one',
  batchRows: '50000',
});

/** Names that are meant alike: Order ID, order_id. */
const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The file's columns into the table's of the same names, then of like ones; where the file has no names, by their place. */
export function mapped(
  preview: FilePreview,
  targets: readonly string[] | null,
  nameOf: (name: string) => string = columnName,
): DraftColumn[] {
  const unnamed = !preview.dialect.header && ['csv', 'text', 'xlsx'].includes(preview.dialect.format);
  const names = preview.columns.map(({ name }) => name);
  const found =
    targets === null ? names.map(nameOf) : unnamed ? names.map((_, at) => targets[at]) : sameNames(names, targets);
  return preview.columns.map(({ type }, source) => ({ source, target: found[source] ?? '', type, rules: noRules }));
}

/** For each name the one of `targets` that is meant, each once: letter by letter before what only sounds alike. */
function sameNames(names: readonly string[], targets: readonly string[]): (string | undefined)[] {
  const left = new Set(targets);
  const take = (wanted: string | undefined): string | undefined => {
    if (wanted !== undefined) left.delete(wanted);
    return wanted;
  };
  const exact = names.map((name) => (left.has(name) ? take(name) : undefined));
  return names.map((name, at) => {
    const words = plain(name);
    return exact[at] ?? (words === '' ? undefined : take([...left].find((each) => plain(each) === words)));
  });
}

/** A name for a new column or table that needs no quotes. */
export function columnName(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return (/^\p{L}/u.test(words) ? words : `c_${words}`).slice(0, 60);
}

/** orders-2024.csv.gz: orders_2024 */
export const tableNameOf = (file: string): string => columnName(file.replace(/(\.\w{1,7}){1,2}$/, ''));

/** What still keeps it from being run, or null. */
export function draftProblem(draft: Draft): string | null {
  const targets = draft.columns.map(({ target }) => target.trim()).filter((target) => target !== '');
  if (draft.schema.trim() === '' || draft.table.trim() === '') return 'Name the schema and the table.';
  if (targets.length === 0) return 'Choose a column of the table for at least one that is read.';
  const twice = targets.find((target, at) => targets.indexOf(target) !== at);
  if (twice !== undefined) return `Two columns go into “${twice}”.`;
  if (draft.mode === 'upsert' && draft.keys.length === 0) return 'Choose the key by which rows are updated.';
  const missing = draft.mode === 'upsert' ? draft.keys.find((key) => !targets.includes(key)) : undefined;
  if (missing !== undefined) return `The key’s column “${missing}” is not filled.`;
  const rows = Number(draft.batchRows);
  return Number.isInteger(rows) && rows >= 1 && rows <= 1_000_000 ? null : 'Rows a batch: 1 to 1,000,000.';
}

export function planOf(draft: Draft, { dialect, columns: found }: FilePreview, dryRun: boolean): ImportPlan {
  const { create, schema, table, mode, keys, onError, transaction, batchRows } = draft;
  return {
    dialect,
    sourceColumns: found.map(({ name }) => name),
    table: { schema: schema.trim(), name: table.trim() },
    create,
    columns: draft.columns
      .filter(({ target }) => target.trim() !== '')
      .map(({ source, target, type, rules }) => ({
        source,
        target: target.trim(),
        ...(create ? { type } : {}),
        rules,
      })),
    mode: create ? 'insert' : mode,
    keys: mode === 'upsert' && !create ? [...keys] : [],
    onError,
    transaction,
    batchRows: Number(batchRows),
    dryRun,
  };
}
