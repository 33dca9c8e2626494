/**
 * Keeps the rows that a statement changes, within its own transaction and without changing the statement: they are read
 * before it, locked as it locks them, and after it (`kinds/` says how). The counts must agree with the server's own; where
 * they do not, or anything is in the way, nothing is kept and it is said why. Everything of ours is behind a savepoint, so
 * that its failure is not theirs.
 */
import { z } from 'zod';
import type { JournalChange } from '../../../../shared/journal/change.ts';
import type { Captured, CapturePlan } from '../../source.ts';
import type { Link } from '../link.ts';
import { addedRows, changedRows } from './kinds/changed-rows.ts';
import { emptiedRows } from './kinds/emptied-rows.ts';
import { mergedRows, upsertedRows } from './kinds/met-rows.ts';
import { othersSql, timeoutSql } from './table.sql.ts';
import { factsOf, NotKept, type TableFacts } from './tables.ts';

/** So long the journal may take before and after a statement, each. */
const withinMs = 3_000;

const others = z.record(z.string(), z.number());

export class Capture {
  readonly #link: Link;
  readonly #plan: CapturePlan;
  readonly #tell: (told: { why: string; partly?: true }) => void;
  #facts: TableFacts | null = null;
  #changes: ((rows: number) => Promise<JournalChange[]>) | null = null;
  /** Rows of other tables that the transaction has changed so far; null where the table reaches none. */
  #others: Readonly<Record<string, number>> | null = null;
  #why: string | null = null;

  /** @param tell what will not be in the journal, as soon as that is known */
  constructor(link: Link, plan: CapturePlan, tell: (told: { why: string; partly?: true }) => void) {
    this.#link = link;
    this.#plan = plan;
    this.#tell = tell;
  }

  /** Before the statement, in the open transaction. */
  async before(): Promise<void> {
    this.#why = await this.#behindSavepoint(async () => {
      const facts = await this.#tableFacts();
      this.#facts = facts;
      await this.#link.scalar(timeoutSql, [String(withinMs)]);
      this.#changes = await this.#rowsBefore(facts);
      if (facts.reaches && this.#plan.kind !== 'truncate') this.#others = await this.#othersChanged(facts);
    });
    // Told before it runs: it may take long, and can still be stopped.
    if (this.#why !== null) this.#tell({ why: this.#why });
  }

  /** After it: `rows` as the server counted them. */
  async after(rows: number | null): Promise<Captured> {
    const facts = this.#facts;
    if (this.#why !== null || !facts) return { kind: 'none', why: this.#why ?? 'The table could not be looked at.' };
    if (rows === 0 && this.#plan.kind !== 'truncate') return { kind: 'rows', changes: [] };
    let changes: JournalChange[] = [];
    let beside = null as string | null;
    const why = await this.#behindSavepoint(async () => {
      await this.#link.scalar(timeoutSql, [String(withinMs)]);
      changes = (await this.#changes?.(rows ?? 0)) ?? [];
      beside = await this.#changedBeside(facts);
    });
    if (why !== null) {
      this.#tell({ why });
      return { kind: 'none', why };
    }
    if (beside !== null) this.#tell({ why: beside, partly: true });
    return { kind: 'rows', changes, ...(beside === null ? {} : { beside }) };
  }

  #tableFacts(): Promise<TableFacts> {
    const plan = this.#plan;
    const [relation] =
      plan.kind === 'truncate' ? plan.relations : ['relation' in plan ? plan.relation : plan.affected.relation];
    if (!relation) throw new NotKept('The table could not be looked at.');
    return factsOf(this.#link, relation, {
      sets: 'sets' in plan && plan.kind !== 'delete' ? plan.sets : [],
      looksForNew: plan.kind === 'insert' || (plan.kind === 'merge' && plan.adds),
    });
  }

  async #rowsBefore(facts: TableFacts): Promise<(rows: number) => Promise<JournalChange[]>> {
    const plan = this.#plan;
    if (plan.kind === 'insert') return addedRows(this.#link, facts);
    if (plan.kind === 'truncate') return await emptiedRows(this.#link, facts, plan);
    if (plan.kind === 'merge') return await mergedRows(this.#link, facts, plan);
    if (plan.kind === 'upsert' || plan.kind === 'upsertFrom') return await upsertedRows(this.#link, facts, plan);
    return await changedRows(this.#link, facts, plan);
  }

  async #othersChanged({ oid }: TableFacts): Promise<Readonly<Record<string, number>>> {
    const { value } = await this.#link.scalar(othersSql, [oid]);
    return value === null ? {} : others.parse(JSON.parse(value));
  }

  /** Foreign keys that cascade, and triggers, change rows that no part of the statement names. */
  async #changedBeside(facts: TableFacts): Promise<string | null> {
    const before = this.#others;
    if (before === null) return null;
    const now = await this.#othersChanged(facts);
    const names = Object.keys(now).filter((name) => now[name] !== before[name]);
    if (names.length === 0) return null;
    const listed = names.length > 5 ? `${names.slice(0, 5).join(', ')} and others` : names.join(', ');
    return `Foreign keys or triggers changed rows of ${listed} with it: those are not kept.`;
  }

  /** Why not, in a sentence; null where it went well. The transaction is as usable after it as before. */
  async #behindSavepoint(work: () => Promise<void>): Promise<string | null> {
    const link = this.#link;
    let why: string | null = null;
    try {
      await link.script('/* howdah:journal */ savepoint howdah_journal');
      try {
        await work();
        if (this.#facts) await link.scalar(timeoutSql, [this.#facts.statementTimeout]);
        await link.script('/* howdah:journal */ release savepoint howdah_journal');
      } catch (thrown) {
        why = thrown instanceof NotKept ? thrown.message : 'The rows could not be read.';
        await link.script(
          '/* howdah:journal */ rollback to savepoint howdah_journal; release savepoint howdah_journal',
        );
      }
    } catch (thrown) {
      why ??= thrown instanceof Error ? thrown.message : String(thrown);
    }
    return why;
  }
}
