/** What an import asks about its target, on its own connection: constants, with values bound. */

/** Types without modifiers, of domains their base's: $1 the table. One row a column: name, type, whether it is computed, whether the table is partitioned. */
export const targetTypesSql = `/* howdah:transfer.types */
with recursive base(attname, oid, typtype, attgenerated) as (
  select a.attname, t.oid, t.typtype, a.attgenerated from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = $1::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped
  union all
  select b.attname, t.oid, t.typtype, b.attgenerated from base b
  join pg_catalog.pg_type d on d.oid = b.oid join pg_catalog.pg_type t on t.oid = d.typbasetype where b.typtype = 'd')
select attname::text,
  case oid when 'pg_catalog.bit'::pg_catalog.regtype then 'bit varying' else pg_catalog.format_type(oid, null) end,
  (attgenerated <> '')::text,
  (select relkind = 'p' from pg_catalog.pg_class where oid = $1::pg_catalog.regclass)::text
from base where typtype <> 'd'`;
