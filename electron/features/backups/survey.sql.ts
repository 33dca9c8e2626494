/** What there is to be backed up. */
import { query } from '../../postgres/query.ts';

export const surveyDatabases = query<{ readonly name: string }>(
  'backups.databases',
  `select datname as name from pg_database where datallowconn and not datistemplate and has_database_privilege(oid, 'CONNECT') order by 1`,
);
export const surveySchemas = query<{ readonly name: string; readonly tables: number; readonly bytes: string }>(
  'backups.schemas',
  `select n.nspname as name, count(c.oid)::int4 as tables, coalesce(sum(c.relpages::int8 * current_setting('block_size')::int8), 0)::text as bytes
  from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' group by 1 order by 1`,
);
export const surveySize = query<{ readonly bytes: string }>(
  'backups.size',
  `select pg_database_size(current_database())::text as bytes`,
);
