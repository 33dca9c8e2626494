/** Where pg_stat_statements is installed, and which columns it has there. */
import { query } from '../../../postgres/query.ts';

export const statementsExtension = query<{ schema: string; version: string; columns: string[]; hasInfo: boolean }>(
  'recorder.statements-extension',
  `
select n.nspname as schema, e.extversion as version, p.proargnames as columns,
  exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relname = 'pg_stat_statements_info')
    as "hasInfo"
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
join pg_catalog.pg_proc p on p.pronamespace = n.oid and p.proname = 'pg_stat_statements'
where e.extname = 'pg_stat_statements'`,
);
