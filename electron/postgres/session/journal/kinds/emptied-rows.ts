/**
 * TRUNCATE: the tables are locked as it would lock them, those that CASCADE reaches by foreign keys as well, and read.
 * Rows come back in the opposite order of the changes: those that are referred to have to stand last.
 */
import { z } from 'zod';
import type { JournalChange } from '../../../../../shared/journal/change.ts';
import type { CapturePlan } from '../../../source.ts';
import type { Link } from '../../link.ts';
import { emptiedSql } from '../table.sql.ts';
import {
  changeOf,
  factsOf,
  fullName,
  mostRows,
  NotKept,
  readRows,
  selectFrom,
  type TableFacts,
  tooMany,
} from '../tables.ts';

const emptied = z.object({
  tables: z.array(z.object({ oid: z.string(), schema: z.string(), name: z.string() })),
  /** Which refers to which. */
  references: z.array(z.tuple([z.string(), z.string()])),
});

/** @param first the facts of the first table, which is among them */
export async function emptiedRows(
  link: Link,
  first: TableFacts,
  { relations, cascade }: Extract<CapturePlan, { kind: 'truncate' }>,
): Promise<() => Promise<JournalChange[]>> {
  const named = [first];
  for (const relation of relations.slice(1)) named.push(await factsOf(link, relation, {}));
  const answer = await link.scalar(emptiedSql, [`{${named.map(({ oid }) => oid).join(',')}}`, String(cascade)]);
  if (answer.value === null) throw new NotKept('The tables could not be looked at.');
  const { tables, references } = emptied.parse(JSON.parse(answer.value));
  const facts = [...named];
  for (const { oid, schema, name } of tables)
    if (!facts.some((each) => each.oid === oid)) facts.push(await factsOf(link, { schema, name }, {}));
  // Rows that come between reading and emptying would be lost unseen. It takes the same locks itself.
  await link.script(`lock table ${facts.map(fullName).join(', ')} in access exclusive mode`);
  const changes: JournalChange[] = [];
  for (const table of referringFirst(facts, references)) {
    const rows = await readRows(link, table, `${selectFrom(table)} limit ${mostRows + 1}`);
    changes.push(...rows.map((row) => changeOf(table, row, null)));
    if (changes.length > mostRows) throw new NotKept(tooMany);
  }
  return async () => changes;
}

/** Tables in a circle stay as they are. */
function referringFirst(
  tables: readonly TableFacts[],
  references: readonly (readonly [string, string])[],
): TableFacts[] {
  const ordered: TableFacts[] = [];
  const waiting = [...tables];
  while (waiting.length > 0) {
    const free = waiting.findIndex(
      ({ oid }) =>
        !references.some(([from, to]) => to === oid && from !== oid && waiting.some((each) => each.oid === from)),
    );
    ordered.push(...waiting.splice(Math.max(free, 0), 1));
  }
  return ordered;
}
