/** Every rule that can be switched off, for the settings and for comments in the text (`-- howdah: ignore not-in-nullable`). */
export interface Rule {
  readonly id: string;
  readonly group: 'Writing' | 'Conditions' | 'Queries' | 'Locks' | 'Definitions' | 'Names';
  readonly title: string;
}

const rule = (group: Rule['group'], id: string, title: string): Rule => ({ id, group, title });

export const rules: readonly Rule[] = [
  rule('Names', 'name', 'Tables and columns that are not there'),
  rule('Names', 'type', 'What the server says of types and functions'),
  rule('Writing', 'update-without-where', 'UPDATE of every row'),
  rule('Writing', 'delete-without-where', 'DELETE of every row'),
  rule('Writing', 'truncate-cascade', 'TRUNCATE … CASCADE'),
  rule('Writing', 'drop-cascade', 'DROP … CASCADE'),
  rule('Writing', 'insert-columns', 'INSERT without a list of columns'),
  rule('Conditions', 'equals-null', 'Comparisons with NULL'),
  rule('Conditions', 'not-in-nullable', 'NOT IN where a value may be NULL'),
  rule('Conditions', 'between-timestamps', 'BETWEEN of instants that ends at midnight'),
  rule('Conditions', 'count-exists', 'Counting to learn whether there is one'),
  rule('Conditions', 'leading-wildcard', 'LIKE patterns that begin with a wildcard, on big tables'),
  rule('Conditions', 'wrapped-column', 'Functions around an indexed column, on big tables'),
  rule('Queries', 'cross-join', 'Tables that no condition connects'),
  rule('Queries', 'natural-join', 'NATURAL JOIN'),
  rule('Queries', 'union-distinct', 'UNION where UNION ALL would do'),
  rule('Queries', 'missing-limit', 'All rows of a very big table'),
  rule('Queries', 'limit-without-order', 'OFFSET without ORDER BY'),
  rule('Queries', 'star-in-view', '* in the definition of a view'),
  rule('Locks', 'create-index-lock', 'CREATE INDEX that keeps writers out'),
  rule('Locks', 'drop-index-lock', 'DROP INDEX that everyone waits behind'),
  rule('Locks', 'reindex-lock', 'REINDEX that keeps others out'),
  rule('Locks', 'refresh-lock', 'REFRESH MATERIALIZED VIEW that keeps readers out'),
  rule('Locks', 'rewrite-lock', 'Changes that write the table anew'),
  rule('Locks', 'add-foreign-key-lock', 'Foreign keys that are checked at once'),
  rule('Locks', 'add-check-lock', 'Checks that are checked at once'),
  rule('Locks', 'add-unique-lock', 'Keys whose index is built under a lock'),
  rule('Locks', 'set-not-null-lock', 'SET NOT NULL that reads every row'),
  rule('Locks', 'detach-lock', 'DETACH PARTITION that everyone waits behind'),
  rule('Locks', 'concurrently-in-transaction', 'CONCURRENTLY inside a transaction'),
  rule('Definitions', 'small-key', 'Keys that will run out of numbers'),
  rule('Definitions', 'serial', 'serial where an identity is meant'),
  rule('Definitions', 'type-choice', 'Types that are regretted later'),
  rule('Definitions', 'definer-search-path', 'SECURITY DEFINER without a search_path'),
];
