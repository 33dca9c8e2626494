/** Compares both sides of a copy: rows always, and checksums where the same rows have to be there. */
import type { CopyCheck, CopyPlan } from '../../../shared/api/table-copy.ts';
import { invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import { scriptOn } from '../import/import-link.ts';
import { hasRules } from '../import/rules-sql.ts';
import type { Link } from '../session/link.ts';
import type { TypePair } from './copy-columns.ts';
import { throwIfFailed } from './copy-in.ts';
import { type RowCheck, rowCheckSql, sameFormsSql } from './row-check.ts';
import { fromSql, type TableSource } from './table-source.ts';

export class CopyChecker {
  result: CopyCheck | null = null;
  readonly #plan: CopyPlan;
  readonly #source: TableSource;
  readonly #pairs: readonly TypePair[];

  constructor(plan: CopyPlan, source: TableSource, pairs: readonly TypePair[]) {
    this.#plan = plan;
    this.#source = source;
    this.#pairs = pairs;
  }

  get #table(): string {
    const { schema, name } = this.#plan.table;
    return quoteQualified(schema, name);
  }

  /** In the target's transaction, before the first row. */
  async before(link: Link, resumed: number): Promise<void> {
    if (!this.#plan.check) return;
    await scriptOn(link, sameFormsSql);
    // What goes on after a break remembers how it was at first.
    if (resumed > 0) return;
    const end = await link.scalar(`select count(*)::text from ${this.#table}`);
    throwIfFailed(end);
    this.#source.targetRowsBefore = Number(end.value);
  }

  /** In the target's transaction, behind the last row. @throws invalid where the sides differ */
  async after(link: Link, read: number): Promise<void> {
    if (!this.#plan.check) return;
    const why = this.#whyCountsOnly();
    if (why === null) return this.#compareRows(link);
    const [source] = await this.#source.link.rows<{ rows: string }>(
      `select count(*)::text as rows from ${fromSql(this.#plan.source)}`,
    );
    const sourceRows = Number(source?.rows);
    if (sourceRows !== read) throw different(`The source has ${sourceRows} rows, and ${read} were read.`);
    const end = await link.scalar(`select count(*)::text from ${this.#table}`);
    throwIfFailed(end);
    this.result = { kind: 'counts', sourceRows, targetRows: Number(end.value), why };
  }

  /** Null where the same rows have to be on both sides. */
  #whyCountsOnly(): string | null {
    const { columns, mode, onError } = this.#plan;
    if (columns.some(hasRules)) return 'Rules change the values on the way.';
    if (mode === 'upsert') return 'Rows that were there were updated.';
    if (onError === 'reject') return 'Rows may have been put aside.';
    if (this.#source.targetRowsBefore > 0) return 'There were rows in the table before.';
    if (this.#pairs.some(({ sourceType, targetType }) => sourceType !== targetType))
      return 'The types of the two tables are not all the same.';
    return null;
  }

  async #compareRows(link: Link): Promise<void> {
    const of = (names: readonly string[]): string => names.map(quoteIdentifier).join(', ');
    const sourceColumns = of(this.#pairs.map(({ source }) => source));
    const targetColumns = of(this.#pairs.map(({ target }) => target));
    const asked = this.#source.link.rows<{ rows: string; checksum: string }>(
      rowCheckSql(`select ${sourceColumns} from ${fromSql(this.#plan.source)}`),
    );
    // Both servers work at the same time; who fails first is told.
    asked.catch(() => {});
    const end = await link.rows(rowCheckSql(`select ${targetColumns} from ${this.#table}`), [], 1);
    throwIfFailed(end);
    const [there] = await asked;
    const source: RowCheck = { rows: Number(there?.rows), checksum: there?.checksum ?? '' };
    const target: RowCheck = { rows: Number(end.rows[0]?.[0]), checksum: end.rows[0]?.[1] ?? '' };
    if (source.rows !== target.rows)
      throw different(`The source has ${source.rows} rows and the table ${target.rows}.`);
    if (source.checksum !== target.checksum)
      throw different(`The ${source.rows} rows of the two sides have different checksums.`);
    this.result = { kind: 'same', sourceRows: source.rows, targetRows: target.rows, why: null };
  }
}

const different = (what: string) =>
  invalid(
    'check',
    `The copy is not the same as its source. ${what} A trigger, a default or somebody else may have changed rows.`,
  );
