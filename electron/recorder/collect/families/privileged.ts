/** Questions that PostgreSQL refuses to roles without pg_monitor, whatever they would find. */
import { query } from '../../../postgres/query.ts';
import type { FamilyRow } from './server.sql.ts';

export const walDirectory = query<FamilyRow>(
  'recorder.wal-directory',
  `
select count(*) as files, sum(size) as bytes,
  (select count(*) from pg_ls_archive_statusdir() where name like '%.ready') as ready
from pg_ls_waldir()`,
);

export const temporaryFiles = query<FamilyRow>(
  'recorder.temporary-files',
  `
select s.spcname as tablespace, count(f.name) as files, coalesce(sum(f.size), 0) as bytes
from pg_tablespace s left join lateral pg_ls_tmpdir(s.oid) f on true
where s.spcname <> 'pg_global'
group by s.spcname`,
);
