/** What a restore asks of the place it goes to. */
import { query } from '../../query.ts';

export const targetFacts = query<{
  readonly super: boolean;
  readonly createdb: boolean;
  readonly createrole: boolean;
  readonly databases: string[];
}>(
  'backup.targetFacts',
  `select r.rolsuper as super, r.rolsuper or r.rolcreatedb as createdb, r.rolsuper or r.rolcreaterole as createrole,
    (select array_agg(d.datname::text) from pg_database d) as databases from pg_roles r where r.rolname = current_user`,
);
export const targetRoles = query<{ readonly name: string }>(
  'backup.targetRoles',
  `select rolname as name from pg_roles`,
);
export const targetTablespaces = query<{ readonly name: string }>(
  'backup.targetTablespaces',
  `select spcname as name from pg_tablespace`,
);
export const targetExtensions = query<{ readonly name: string }>(
  'backup.targetExtensions',
  `select name from pg_available_extensions`,
);

export interface ExistingRow {
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
  /** For DROP: quoted, with arguments where it has them. */
  readonly identity: string;
  readonly rows: string;
}
/** Objects that stand in the target already and were made by somebody. */
export const targetObjects = query<ExistingRow>(
  'backup.targetObjects',
  `select 'schema' as kind, nspname as schema, nspname::text as name, quote_ident(nspname) as identity, '0' as rows from pg_namespace where oid >= 16384 and nspname !~ '^pg_'
  union all select 'extension', null, extname::text, quote_ident(extname), '0' from pg_extension where oid >= 16384
  union all select case c.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable' when 'v' then 'view' when 'm' then 'materializedView' else 'sequence' end,
      n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), greatest(c.reltuples, 0)::int8::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid >= 16384 and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and n.nspname !~ '^pg_'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('e', 'i'))
  union all select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
      quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')', '0'
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid >= 16384 and n.nspname !~ '^pg_'
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))
  union all select case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname, quote_ident(n.nspname) || '.' || quote_ident(t.typname), '0'
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid >= 16384 and n.nspname !~ '^pg_' and t.typtype in ('d', 'e', 'r', 'b', 'c')
      and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')) and not exists (select from pg_type e where e.typarray = t.oid)
      and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype in ('e'))
  order by 1, 2, 3`,
);
