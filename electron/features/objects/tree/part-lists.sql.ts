/** What a relation, type or domain is made of. */
import { list } from './list-query.sql.ts';
import { ownConstraint } from './object-words.sql.ts';

export const listColumns = list('columns', {
  catalog: 'pg_class',
  alias: 'a',
  from: 'pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace',
  where:
    "a.attrelid = coalesce((select t.typrelid from pg_type t where t.oid = $1::oid and t.typtype = 'c'), $1::oid) and a.attnum > 0 and not a.attisdropped",
  part: true,
  kind: 'column',
  schema: 'n.nspname',
  oid: 'a.attrelid',
  subId: 'a.attnum',
  name: 'a.attname',
  detail: `format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
    || case when a.attidentity <> '' then ' identity' when a.attgenerated <> '' then ' generated' else '' end`,
  comment: 'col_description(a.attrelid, a.attnum)',
  sort: `lpad(a.attnum::text, 5, '0')`,
});
/** NOT NULL constraints (rows of their own since 18) are shown at their columns, constraint triggers among the triggers. */
export const listConstraints = list('constraints', {
  catalog: 'pg_constraint',
  alias: 'k',
  from: `pg_constraint k left join pg_class c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid
    join pg_namespace n on n.oid = k.connamespace`,
  where: `(k.conrelid = $1::oid or k.contypid = $1::oid) and ${ownConstraint}`,
  part: true,
  kind: 'constraint',
  schema: 'n.nspname',
  name: 'k.conname',
  detail: `case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'x' then 'exclusion' else 'check' end
    || case when k.convalidated then '' else ', not valid' end`,
});
export const listIndexes = list('indexes', {
  catalog: 'pg_class',
  alias: 'c',
  from: `pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_am m on m.oid = c.relam`,
  where: 'i.indrelid = $1::oid',
  part: true,
  kind: 'index',
  schema: 'n.nspname',
  name: 'c.relname',
  detail: `m.amname || case when i.indisprimary then ', primary key' when i.indisunique then ', unique' else '' end
    || case when i.indpred is not null then ', partial' else '' end || case when i.indisvalid then '' else ', invalid' end`,
});
export const listTriggers = list('triggers', {
  catalog: 'pg_trigger',
  alias: 't',
  from: 'pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace join pg_proc p on p.oid = t.tgfoid',
  where: 't.tgrelid = $1::oid and not t.tgisinternal',
  part: true,
  kind: 'trigger',
  schema: 'n.nspname',
  name: 't.tgname',
  detail: `p.proname || '()' || case t.tgenabled when 'D' then ', disabled' when 'R' then ', replica only' when 'A' then ', always' else '' end`,
});
export const listRules = list('rules', {
  catalog: 'pg_rewrite',
  alias: 'r',
  from: 'pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace',
  where: "r.ev_class = $1::oid and r.rulename <> '_RETURN'",
  part: true,
  kind: 'rule',
  schema: 'n.nspname',
  name: 'r.rulename',
  detail: `'on ' || case r.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end
    || case when r.is_instead then ' instead' else '' end || case r.ev_enabled when 'D' then ', disabled' else '' end`,
});
export const listPolicies = list('policies', {
  catalog: 'pg_policy',
  alias: 'p',
  from: 'pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace',
  where: 'p.polrelid = $1::oid',
  part: true,
  kind: 'policy',
  schema: 'n.nspname',
  name: 'p.polname',
  detail: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
    || case when p.polpermissive then '' else ', restrictive' end`,
});
