/** Pieces of SQL that say what counts as an object of its own; shared by the tree, its counts, search and details. */

export const relationKind = `(case c.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable'
  when 'v' then 'view' when 'm' then 'materializedView' when 'S' then 'sequence' when 'c' then 'type' else 'index' end)`;
/** Made with something else and gone with it: the constructors of a range type, its casts. */
export const isInternal = (catalog: string, oid: string): string =>
  `exists (select from pg_depend x where x.classid = 'pg_catalog.${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'i')`;
/** Types that stand for themselves: not the row types of tables, nor the arrays that come with every type. */
export const standAloneType = `t.typtype in ('b', 'c', 'e', 'r', 'p') and (t.typrelid = 0 or c.relkind = 'c')
  and not exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid)`;
/**
 * Of `k`: not the NOT NULLs, not constraint triggers, nor the further rows that a foreign key to a partitioned table has
 * for each of its partitions.
 */
export const ownConstraint = `k.contype not in ('n', 't')
  and not exists (select from pg_constraint o where o.oid = k.conparentid and o.conrelid = k.conrelid and o.conrelid <> 0)`;
